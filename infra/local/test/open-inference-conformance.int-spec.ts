import { HTTP_PREDICT_ROUTES, type HttpPredictRoute, PATH_PARAMETER } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { OPEN_INFERENCE_V2, OPEN_INFERENCE_V2_ROUTES } from './open-inference-v2.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(600_000);

const OURS = 'openapi.json';
const BINARY_HEADER = 'inference-header-content-length';
const FEATURES = Object.values(EXAMPLE_PATIENT);

let ward: Ward;
let url: string;
let key: string;
let live = '1';
let ajv: Ajv2020;
const asked = new Set<string>();

const Operation = z.looseObject({
  requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).default({}) })),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });
let paths: z.output<typeof Document>['paths'];

beforeAll(async () => {
  ward = await Ward.open();
  url = (await ward.runtime()).gateway;
  key = (await ward.keys()).admin;
  const document = z.record(z.string(), z.unknown()).parse(await (await fetch(`${url}/openapi.json`)).json());
  ({ paths } = Document.parse(document));
  ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, OURS).addSchema(OPEN_INFERENCE_V2);
});
afterAll(() => ward?.close());

/** @param place of a schema. @returns what is wrong with a value by it */
function faultsOf(place: string, value: unknown): string {
  const validate = ajv.getSchema(place);
  if (!validate) throw new Error(`there is no schema ${place}`);
  return validate(value)
    ? ''
    : `${place}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 500)}`;
}

/** Into the published document. */
const pointer = (...steps: readonly string[]): string =>
  `${OURS}#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

interface Asking {
  readonly params?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

const templateOf = (route: HttpPredictRoute): string =>
  HTTP_PREDICT_ROUTES[route].path.replaceAll(PATH_PARAMETER, '{$1}').replaceAll('::', ':');

/** Where the two documents describe what is asked on a route, and what is answered with a status. */
function placesOf(route: HttpPredictRoute) {
  const template = templateOf(route);
  const method = HTTP_PREDICT_ROUTES[route].method.toLowerCase();
  const { responses = {}, requestBody } = paths[template]?.[method] ?? {};
  const forms = OPEN_INFERENCE_V2_ROUTES[template];
  const standard = (form: string | undefined) => (form ? [`${OPEN_INFERENCE_V2.$id}#/$defs/${form}`] : []);
  const own = (...steps: readonly string[]) =>
    pointer('paths', template, method, ...steps, 'application/json', 'schema');
  return {
    requests: [...(requestBody ? [own('requestBody', 'content')] : []), ...standard(forms?.request)],
    answers: (status: number, isError: boolean) => {
      const said = String(status) in responses ? String(status) : 'default';
      return {
        types: Object.keys(responses[said]?.content ?? {}),
        places: [own('responses', said, 'content'), ...standard(forms && isError ? 'error' : forms?.response)],
      };
    },
  };
}

const isError = (body: unknown): boolean => typeof body === 'object' && body !== null && 'error' in body;
const faultsIn = (places: readonly string[], body: unknown): readonly string[] =>
  places.map((place) => faultsOf(place, body)).filter(Boolean);

/** Asks, and holds the answer against both documents; a JSON body that is taken, too. */
async function ask(route: HttpPredictRoute, { params = {}, body, headers = {} }: Asking = {}) {
  asked.add(route);
  const { method, path } = HTTP_PREDICT_ROUTES[route];
  const named: Readonly<Record<string, string>> = { model: MODEL, version: live, ...params };
  const filled = path.replaceAll(PATH_PARAMETER, (_whole, name: string) => named[name] ?? '');
  const sent = body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}${filled}`, {
    ...{ method, headers: { 'x-api-key': key, ...headers } },
    ...(sent !== undefined && { body: sent }),
  });
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const bytes = Buffer.from(await answer.arrayBuffer());
  const said: unknown = type === 'application/json' ? JSON.parse(bytes.toString()) : bytes.toString();
  const { requests, answers } = placesOf(route);
  const { types, places } = answers(answer.status, isError(said));
  expect({ route, status: answer.status, types }).toMatchObject({ types: expect.arrayContaining([type]) });
  if (type === 'application/json') expect(faultsIn(places, said)).toEqual([]);
  if (answer.status === 200 && typeof sent === 'string') expect(faultsIn(requests, body)).toEqual([]);
  return { status: answer.status, headers: answer.headers, said, bytes };
}

const tensor = (more: object = {}) => ({ name: 'features', shape: [1, 13], datatype: 'FP32', data: FEATURES, ...more });
const wholeNumbers = FEATURES.map(Math.round);
const columns = Object.entries(EXAMPLE_PATIENT).map(([name, value]) => ({
  ...{ name, shape: [1], datatype: 'FP64', data: [value] },
}));

describe('a model of which no version is live', () => {
  it('says so on every route that would need one', async () => {
    await ward.endedTraining(await ward.requestTraining({ promote: 'never' }));
    await eventually(async () => expect((await ask('openModelReady')).status).toBe(503));
    expect((await ask('openModelReady')).said).toEqual({ name: MODEL, ready: false });
    expect((await ask('openInfer', { body: { inputs: [tensor()] } })).status).toBe(503);
    for (const route of ['openModel', 'openModelConfig', 'openModelDocs'] as const)
      expect((await ask(route)).status).toBe(503);
    expect((await ask('openRepository')).said).toMatchObject([{ name: MODEL, state: 'UNAVAILABLE' }]);
  });
});

describe('a served model', () => {
  beforeAll(async () => {
    await ward.trainFirstVersion();
    live = String(await ward.answers());
  });

  it.each<[HttpPredictRoute, Asking]>([
    ['openServer', {}],
    ['openLive', {}],
    ['openReady', {}],
    ['openModels', {}],
    ['openModel', {}],
    ['openVersion', {}],
    ['openModelReady', {}],
    ['openVersionReady', {}],
    ['openModelConfig', {}],
    ['openVersionConfig', {}],
    ['openStatistics', {}],
    ['openModelStatistics', {}],
    ['openVersionStatistics', {}],
    ['openRepository', {}],
    ['openRepository', { body: { ready: true } }],
    ['openLogging', {}],
    ['openSetLogging', { body: { log_verbose_level: 0 } }],
    ['openModelDocs', {}],
    ['openVersionDocs', {}],
    ['openUnload', {}],
    ['openModelConfig', {}],
    ['openRepository', { body: {} }],
    ['openLoad', { body: {} }],
  ])('is described by %s', async (route, asking) => {
    expect((await ask(route, asking)).status).toBe(200);
  });

  it.each<[string, object]>([
    ['flat', { inputs: [tensor()] }],
    ['nested', { inputs: [tensor({ data: [FEATURES] })] }],
    ['of whole numbers', { inputs: [tensor({ datatype: 'INT64', data: wholeNumbers })] }],
    ['one for each column', { inputs: columns }],
    ['with an id, for one output', { id: 'mine', inputs: [tensor()], outputs: [{ name: 'probability' }] }],
    ['with parameters', { parameters: { priority: 1, timeout: 60_000_000 }, inputs: [tensor({ parameters: {} })] }],
    [
      'for classes and a receipt',
      {
        inputs: [tensor()],
        outputs: [{ name: 'probability', parameters: { classification: 2 } }, { name: 'receipt' }],
      },
    ],
  ])('answers tensors %s', async (_what, body) => {
    for (const route of ['openInfer', 'openInferVersion'] as const)
      expect((await ask(route, { body })).status).toBe(200);
  });

  it('answers in binary, with JSON before it that is as documented but for the elements', async () => {
    const body = new Uint8Array(Float32Array.from(FEATURES).buffer);
    const { status, headers, bytes } = await ask('openInfer', { body, headers: { [BINARY_HEADER]: '0' } });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    const head: unknown = JSON.parse(bytes.subarray(0, Number(headers.get(BINARY_HEADER))).toString());
    expect(faultsOf(pointer('components', 'schemas', 'OpenInferAnswer'), head)).toBe('');
  });

  it.each(['openInferStream', 'openInferVersionStream'] as const)('answers events: %s', async (route) => {
    const { said } = await ask(route, { body: { inputs: [tensor()] } });
    const events = String(said).split('\n\n').filter(Boolean);
    expect(events).toHaveLength(1);
    const places = [
      pointer('components', 'schemas', 'OpenInferAnswer'),
      `${OPEN_INFERENCE_V2.$id}#/$defs/inferResponse`,
    ];
    for (const event of events) expect(faultsIn(places, JSON.parse(event.replace(/^data: /, '')))).toEqual([]);
  });

  // Both ways: what the documents do not allow is not taken, either.
  it.each<[string, object]>([
    ['no inputs', {}],
    ['an empty list of inputs', { inputs: [] }],
    ['an input without a name', { inputs: [tensor({ name: undefined })] }],
    ['an input without a shape', { inputs: [tensor({ shape: undefined })] }],
    ['a negative size', { inputs: [tensor({ shape: [-1, 13] })] }],
    ['half a row', { inputs: [tensor({ shape: [0.5, 26] })] }],
    ['a datatype that there is not', { inputs: [tensor({ datatype: 'FP8' })] }],
    ['elements that are no list', { inputs: [tensor({ data: 'x' })] }],
    ['an id that is no text', { id: {}, inputs: [tensor()] }],
    ['outputs that are no list', { outputs: {}, inputs: [tensor()] }],
    ['an output without a name', { outputs: [{}], inputs: [tensor()] }],
  ])('refuses %s as both documents do', async (_what, body) => {
    const sent: unknown = JSON.parse(JSON.stringify(body)); // without what is undefined
    for (const place of placesOf('openInfer').requests) expect(faultsOf(place, sent)).not.toBe('');
    expect((await ask('openInfer', { body })).status).toBe(400);
  });

  it.each<[number, HttpPredictRoute, Asking]>([
    [400, 'openInfer', { body: '{"inputs": [' }],
    [400, 'openInfer', { body: { inputs: [tensor({ name: 'other' })] } }],
    [400, 'openSetLogging', { body: { log_file: 'x' } }],
    [400, 'openInferStream', { body: { inputs: [] } }],
    [400, 'openLoad', { body: { parameters: { config: '{}' } } }],
    [401, 'openServer', { headers: { 'x-api-key': 'unknown-key-0123456789' } }],
    [401, 'openInfer', { body: { inputs: [tensor()] }, headers: { 'x-api-key': 'unknown-key-0123456789' } }],
    [404, 'openModel', { params: { model: 'other' } }],
    [404, 'openModelReady', { params: { model: 'other' } }],
    [404, 'openVersionReady', { params: { version: '99' } }],
    [404, 'openVersionStatistics', { params: { version: '99' } }],
    [404, 'openUnload', { params: { model: 'other' } }],
    [404, 'openInferVersion', { params: { version: 'latest' }, body: { inputs: [tensor()] } }],
    [415, 'openInfer', { body: '{}', headers: { 'content-encoding': 'br' } }],
  ])('says no in the form that is documented: %i by %s', async (status, route, asking) => {
    expect((await ask(route, asking)).status).toBe(status);
  });
});

it('has been asked on every route of the protocol', () => {
  const routes = Object.entries(HTTP_PREDICT_ROUTES).filter(([, { protocol }]) => protocol === 'open-inference');
  expect([...asked].sort()).toEqual(routes.map(([name]) => name).sort());
});
