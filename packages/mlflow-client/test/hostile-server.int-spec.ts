import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Attempt, type ConnectionOptions, MlflowClient, MlflowError } from '../src/index.js';
import { json, raw, reset, type StubServer, silence, startStubServer } from './stub-server.js';

const NOTHING = { metrics: [], params: {}, tags: {} };
const RUN = { run: { info: { run_id: 'r', experiment_id: '0' } } };
const RUN_READ = {
  info: { runId: 'r', experimentId: '0', status: 'RUNNING' },
  data: { metrics: [], params: {}, tags: {} },
};

describe('a server that is not well', () => {
  let server: StubServer;
  let clients: MlflowClient[] = [];
  const open = (options: Partial<ConnectionOptions> = {}): MlflowClient => {
    const client = new MlflowClient({ trackingUri: server.url, backoffMs: 1, ...options });
    clients.push(client);
    return client;
  };
  const failureOf = async (work: Promise<unknown>): Promise<MlflowError> => {
    const failure: unknown = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failure instanceof MlflowError)) throw new Error(`No MlflowError but ${String(failure)}`);
    return failure;
  };

  beforeAll(async () => {
    server = await startStubServer();
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    clients = [];
  });
  afterAll(() => server.close());

  it("is told of in its own words: status, error_code and message, and never with its address' password", async () => {
    server.answer(json(400, { error_code: 'INVALID_PARAMETER_VALUE', message: 'No such column.' }));
    const failure = await failureOf(
      open({ trackingUri: server.url.replace('//', '//ada:secret@') }).runs.logBatch('r', NOTHING),
    );
    expect(failure).toMatchObject({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', failure: 'refused' });
    expect(failure.message).toBe('POST /api/2.0/mlflow/runs/log-batch: 400 INVALID_PARAMETER_VALUE: No such column.');
    expect(server.asked).toHaveLength(1);
  });

  it('is asked for an order, key by key', async () => {
    server.answer(json(200, {}));
    const search = { orderBy: ['name ASC', 'last_updated_timestamp DESC'], maxResults: 5 };
    expect((await open().registeredModels.search(search)).items).toEqual([]);
    expect((await open().modelVersions.search(search)).items).toEqual([]);
    const query = 'search?order_by=name%20ASC&order_by=last_updated_timestamp%20DESC&max_results=5';
    expect(server.asked).toEqual([
      `GET /api/2.0/mlflow/registered-models/${query}`,
      `GET /api/2.0/mlflow/model-versions/${query}`,
    ]);
  });

  it('is asked again after 500, 429 and a cut connection, with as much patience as it asks for', async () => {
    server.answer(reset, json(500, {}), json(429, { message: 'slow down' }, { 'retry-after': '0' }), json(200, RUN));
    const attempts: Attempt[] = [];
    expect(await open({ onAttempt: (attempt) => attempts.push(attempt) }).runs.find('r')).toMatchObject(RUN_READ);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['unreachable', 500, 429, 200]);
    server.answer(json(503, {}, { 'retry-after': '3600' }));
    expect(await failureOf(open().runs.find('r'))).toMatchObject({ retryAfterSeconds: 3600, failure: 'unavailable' });
    expect(server.asked).toHaveLength(1);
  });

  it('is not told twice what would happen twice, unless it says that nothing happened', async () => {
    const create = () => open().runs.create({ experimentId: '0' });
    for (const answer of [reset, json(500, {})]) {
      server.answer(answer, json(200, RUN));
      expect((await failureOf(create())).isTransient).toBe(true);
      expect(server.asked).toHaveLength(1);
    }
    server.answer(json(429, {}), json(200, RUN));
    expect(await create()).toMatchObject(RUN_READ);
  });

  it.each([
    ['HTML with 200', raw(200, '<!doctype html><title>Welcome</title>'), 'not JSON but HTML'],
    ['a text', raw(200, 'fine', 'text/plain'), 'is not JSON.'],
    ['half an answer', raw(200, '{"run": {"info"', 'application/json'), 'is not JSON.'],
    ['an empty body', raw(200, ''), 'is not JSON.'],
    ['a list', json(200, []), 'the answer is not an object'],
    ['another object', json(200, { runs: 1 }), 'run is not an object'],
    ['another type', json(200, { run: { info: { run_id: 7 } } }), 'run.info.run_id is not a text'],
    ['null', json(200, null), 'the answer is not an object'],
    ['more than anybody reads', raw(200, 'x'.repeat(5_000)), 'larger than 1000 bytes'],
  ])('is found out when it answers %s', async (_name, answer, words) => {
    server.answer(answer);
    const failure = await failureOf(open({ retries: 0, maxAnswerBytes: 1_000 }).runs.find('r'));
    expect(failure).toMatchObject({ failure: 'bad-answer', message: expect.stringContaining(words) });
  });

  it.each([
    ['an HTML page', raw(502, '<html><body><h1>Bad Gateway</h1>\n</body></html>'), '502: Bad Gateway'],
    ['JSON that is no object', json(500, null), '500: null'],
    ['nothing', raw(500, ''), '500: no more was said'],
  ])('is quoted shortly when its error is %s', async (_name, answer, words) => {
    server.answer(answer);
    const { message } = await failureOf(open({ retries: 0 }).runs.find('r'));
    expect(message).toBe(`GET /api/2.0/mlflow/runs/get: ${words}`);
  });

  it('is waited for no longer than the deadline, for answers and for files that it does not take', async () => {
    server.answer(silence);
    expect(await failureOf(open({ retries: 0, timeoutMs: 50 }).runs.find('r'))).toMatchObject({ failure: 'timeout' });
    server.answer((request) => request.pause());
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1_000_000);
      })(),
    );
    const upload = open({ timeoutMs: 50 }).artifacts.upload({ path: 'a', body: endless, bytes: 1e12 });
    expect((await failureOf(upload)).isTransient).toBe(true);
  });

  it('is left alone after failures in a row, and tried by one call when its time is over', async () => {
    const states: string[] = [];
    const breaker = { failureThreshold: 2, recoverySeconds: 0.05 };
    const client = open({ retries: 0, breaker, onBreaker: (state) => states.push(state) });
    server.answer(json(500, {}));
    await failureOf(client.version());
    await failureOf(client.version());
    expect(client.breakerState).toBe('open');
    server.answer(raw(200, '3.17.2'));
    const failures = new Set<string>();
    for (;;) {
      const answer = await client.version().catch((error: MlflowError) => error);
      if (typeof answer === 'string') break;
      failures.add(answer.failure);
    }
    expect([...failures]).toEqual(['breaker-open']);
    expect(server.asked).toHaveLength(1);
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('keeps the breaker closed while it only refuses', async () => {
    server.answer(json(400, { error_code: 'INVALID_PARAMETER_VALUE', message: 'no' }));
    const client = open({ breaker: { failureThreshold: 1, recoverySeconds: 60 } });
    await failureOf(client.runs.find('r'));
    expect(client.breakerState).toBe('closed');
  });

  it('learns who calls from a header only, whatever the password, and is found below a path', async () => {
    const seen: (string | undefined)[] = [];
    server.answer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('3.17.2');
    });
    await open({ trackingUri: server.url.replace('//', '//ada:s%20t@') }).version();
    await open({ token: 'abc' }).version();
    await open({ trackingUri: `${server.url.replace('//', '//ada:50%@')}/behind/a proxy/` }).version();
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    expect(seen).toEqual([basic('ada:s t'), 'Bearer abc', basic('ada:50%')]);
    expect(server.asked).toEqual(['GET /version', 'GET /version', 'GET /behind/a%20proxy/version']);
  });
});
