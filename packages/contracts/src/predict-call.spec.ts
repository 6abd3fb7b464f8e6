import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ANSWER_HEADERS,
  CALL_HEADERS,
  decodePredictAnswer,
  decodePredictCall,
  encodePredictAnswer,
  encodePredictCallHead,
  ID_SEED_BYTES,
  PREDICT_ANSWER_TYPES,
  type PredictAnswer,
  type PredictCall,
} from './predict-call.js';
import { PATH_PARAMETER, PREDICT_ROUTES, type PredictRoute } from './routes.js';

const word = fc.string({ maxLength: 80, unit: 'grapheme' });
const headersOf = <N extends string>(names: readonly N[]) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), word), { selector: ([name]) => name })
    .map((pairs) => Object.fromEntries(pairs) as Partial<Record<N, string>>); // its keys are the names
const ROUTES = Object.keys(PREDICT_ROUTES) as PredictRoute[]; // the keys of a constant
const paramsOf = (route: PredictRoute) =>
  Array.from(PREDICT_ROUTES[route].path.matchAll(PATH_PARAMETER), ([, name = '']) => name);

const anyCall: fc.Arbitrary<PredictCall> = fc.constantFrom(...ROUTES).chain((route) =>
  fc.record(
    {
      route: fc.constant(route),
      params: fc.record(Object.fromEntries(paramsOf(route).map((name) => [name, word])), { noNullPrototype: true }),
      query: fc.array(fc.tuple(word, word), { maxLength: 4 }),
      trafficKey: fc.option(word),
      keyId: word,
      requestId: word,
      timeLeftMs: fc.integer({ min: 1, max: 0xffff_ffff }),
      idSeed: fc.uint8Array({ minLength: ID_SEED_BYTES, maxLength: ID_SEED_BYTES }),
      headers: headersOf(CALL_HEADERS),
      body: fc.uint8Array({ maxLength: 200 }),
    },
    {
      noNullPrototype: true,
      requiredKeys: ['route', 'params', 'query', 'trafficKey', 'keyId', 'requestId', 'headers', 'body'],
    },
  ),
);
const anyAnswer = fc.record({
  status: fc.integer({ min: 200, max: 599 }),
  contentType: fc.constantFrom(...PREDICT_ANSWER_TYPES),
  retryAfterSeconds: fc.integer({ min: 0, max: 0xffff }),
  headers: headersOf(ANSWER_HEADERS),
  body: fc.uint8Array({ maxLength: 200 }),
});

const encodeCall = (call: PredictCall): Uint8Array =>
  new Uint8Array(Buffer.concat([encodePredictCallHead(call), call.body]));
const encodeAnswer = (answer: PredictAnswer): Uint8Array => new Uint8Array(encodePredictAnswer(answer));

it('a call comes out as it went in, with any text, any headers and any body', () => {
  fc.assert(fc.property(anyCall, (call) => expect(decodePredictCall(encodeCall(call))).toEqual(call)));
});

it('an answer comes out as it went in', () => {
  fc.assert(fc.property(anyAnswer, (answer) => expect(decodePredictAnswer(encodeAnswer(answer))).toEqual(answer)));
});

it('texts of any length up to 65 535 bytes pass, longer ones are refused before they are sent', () => {
  const call = (requestId: string): PredictCall => ({
    ...{ route: 'predict', params: {}, query: [], trafficKey: null, keyId: '', headers: {} },
    requestId,
    body: new Uint8Array(),
  });
  for (const length of [0, 1, 48, 49, 127, 65_535]) {
    const text = 'x'.repeat(length);
    expect(decodePredictCall(encodeCall(call(text))).requestId).toBe(text);
  }
  expect(() => encodeCall(call('x'.repeat(65_536)))).toThrow(RangeError);
  expect(() => encodeCall(call('ä'.repeat(40_000)))).toThrow(RangeError);
});

// What is cut off or changed is refused or gives another call; it never hangs, and never throws anything but these two.
it('a call or an answer that was cut off or changed is refused with RangeError or TypeError, or is another one', () => {
  const refusesOrReads = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      expect(['RangeError', 'TypeError']).toContain((error as Error).name); // the platform's coders have classes of their own
    }
  };
  fc.assert(
    fc.property(anyCall, anyAnswer, fc.nat(), fc.nat({ max: 255 }), (call, answer, place, byte) => {
      const calls = encodeCall({ ...call, body: new Uint8Array() });
      for (let end = 0; end < calls.length; end++) {
        expect(() => decodePredictCall(calls.subarray(0, end))).toThrow();
      }
      const answers = encodeAnswer(answer);
      for (const bytes of [calls.slice(), answers.slice()]) {
        bytes[place % bytes.length] = byte;
        refusesOrReads(() => decodePredictCall(bytes));
        refusesOrReads(() => decodePredictAnswer(bytes));
      }
    }),
    { numRuns: 50 },
  );
});

it('bytes that are neither are refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => expect(() => decodePredictCall(bytes)).toThrow()));
  expect(() => decodePredictAnswer(new Uint8Array(3))).toThrow(RangeError);
  expect(() => decodePredictAnswer(Uint8Array.of(200, 0, 0, 0, 99, 0))).toThrow(RangeError);
  expect(() => decodePredictAnswer(Uint8Array.of(200, 0, 0, 0, 0, 1, 99, 0, 0))).toThrow(RangeError);
});

// Builds of different age understand each other by these numbers.
it('every route has its own code, of one byte', () => {
  const codes = Object.values(PREDICT_ROUTES).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 255)).toBe(true);
});
