import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodePredictAnswer,
  decodePredictCall,
  encodePredictAnswer,
  encodePredictCall,
  PREDICT_ANSWER_TYPES,
} from './predict-call.js';

const word = fc.string({ maxLength: 20, unit: 'binary' });

it('a call comes out as it went in, with any text and any body', () => {
  const call = fc.record({
    route: fc.constantFrom('predict' as const, 'predictModel' as const),
    params: fc.dictionary(word, word, { noNullPrototype: true }),
    query: fc.dictionary(word, fc.oneof(word, fc.array(word)), { noNullPrototype: true }),
    trafficKey: fc.option(word),
    keyId: word,
    requestId: word,
    body: fc.uint8Array({ maxLength: 200 }),
  });
  fc.assert(fc.property(call, (value) => expect(decodePredictCall(encodePredictCall(value))).toEqual(value)));
});

it('an answer comes out as it went in', () => {
  const answer = fc.record({
    status: fc.integer({ min: 200, max: 599 }),
    contentType: fc.constantFrom(...PREDICT_ANSWER_TYPES),
    retryAfterSeconds: fc.integer({ min: 0, max: 0xffff }),
    body: fc.uint8Array({ maxLength: 200 }),
  });
  fc.assert(fc.property(answer, (value) => expect(decodePredictAnswer(encodePredictAnswer(value))).toEqual(value)));
});

it('bytes that are neither are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(() => decodePredictCall(bytes)).toThrow();
    }),
  );
  expect(() => decodePredictAnswer(new Uint8Array(3))).toThrow(RangeError);
  expect(() => decodePredictAnswer(Uint8Array.of(200, 0, 0, 0, 9))).toThrow(RangeError);
});
