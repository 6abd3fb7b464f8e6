import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
let experimentId: string;
beforeAll(async () => {
  registry = await startRegistry();
  experimentId = (await post('/api/v1/experiments', { name: 'heart disease', tags: { team: 'cardio' } })).body.id;
});
afterAll(() => registry.dispose());

const post = (path: string, body: object) => registry.call({ method: 'POST', path, body });
const get = (path: string) => registry.call({ path });
const begin = async (body: object = { name: 'run' }) =>
  (await post(`/api/v1/experiments/${experimentId}/runs`, body)).body;
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('experiments', () => {
  it('are made once by name, read and found', async () => {
    expect((await get(`/api/v1/experiments/${experimentId}`)).body).toMatchObject({
      name: 'heart disease',
      tags: { team: 'cardio' },
      lifecycle: 'active',
    });
    const again = await post('/api/v1/experiments', { name: 'heart disease' });
    expect([again.status, again.body.code]).toEqual([409, 'already-exists']);
    const found = await get('/api/v1/experiments?name=HEART');
    expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([experimentId]);
    expect((await get(`/api/v1/experiments/${randomUUID()}`)).body.code).toBe('experiment-not-found');
    expect((await get('/api/v1/experiments/7')).body.code).toBe('validation-failed');
  });

  it('are paged newest first, each once, with no end lost', async () => {
    for (let index = 0; index < 7; index++) await post('/api/v1/experiments', { name: `page ${index}` });
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(`/api/v1/experiments?name=page&limit=3${cursor && `&cursor=${cursor}`}`);
      names.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.next_cursor;
    }
    expect(names).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `page ${index}`));
    for (const bad of ['x', 'W10', Buffer.from('["2026","x"]').toString('base64url')]) {
      expect((await get(`/api/v1/experiments?cursor=${bad}`)).body.code).toBe('invalid-cursor');
    }
    expect((await get('/api/v1/experiments?limit=1001')).body.code).toBe('validation-failed');
  });
});

describe('a run', () => {
  it('begins once under an id of the caller', async () => {
    const request = { id: randomUUID(), name: 'forest', params: { trees: '100' }, tags: { seed: '7' } };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post(`/api/v1/experiments/${experimentId}/runs`, request)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(answers[0]?.body).toMatchObject({
      id: request.id,
      state: 'running',
      params: { trees: '100' },
      tags: { seed: '7' },
      ended_at: null,
    });
    const other = await post(`/api/v1/experiments/${experimentId}/runs`, { ...request, name: 'another' });
    expect([other.status, other.body.code]).toEqual([409, 'already-exists']);
    const nested = await begin({ name: 'fold', parent_run_id: request.id });
    expect(nested.parent_run_id).toBe(request.id);
    expect(
      (await post(`/api/v1/experiments/${experimentId}/runs`, { name: 'x', parent_run_id: randomUUID() })).body.code,
    ).toBe('run-not-found');
    expect((await post(`/api/v1/experiments/${randomUUID()}/runs`, { name: 'x' })).body.code).toBe(
      'experiment-not-found',
    );
  });

  it('takes a parameter once; the same value again is fine', async () => {
    const { id } = await begin();
    expect((await post(`/api/v1/runs/${id}/params`, { params: { depth: '3', rate: '0.1' } })).body.params).toEqual({
      depth: '3',
      rate: '0.1',
    });
    expect((await post(`/api/v1/runs/${id}/params`, { params: { depth: '3' } })).status).toBe(200);
    const changed = await post(`/api/v1/runs/${id}/params`, { params: { depth: '4', fresh: '1' } });
    expect([changed.status, changed.body.code]).toEqual([409, 'already-exists']);
    expect((await get(`/api/v1/runs/${id}`)).body.params).toEqual({ depth: '3', rate: '0.1' });
    const race = await Promise.all(
      ['a', 'b'].map((value) => post(`/api/v1/runs/${id}/params`, { params: { raced: value } })),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('keeps the history of a metric and shows its latest step', async () => {
    const { id } = await begin();
    const points = [0, 2, 1].map((step) => ({ key: 'f1', value: step / 10, step, at: '2026-01-01T00:00:00.000Z' }));
    await post(`/api/v1/runs/${id}/metrics`, { metrics: points });
    const again = await post(`/api/v1/runs/${id}/metrics`, { metrics: [...points, { key: 'auc', value: 0.9 }] });
    expect(again.body.metrics).toEqual({ auc: 0.9, f1: 0.2 });
    const first = await get(`/api/v1/runs/${id}/metrics/f1?limit=2`);
    expect(first.body.items.map(({ step }: { step: number }) => step)).toEqual([2, 1]);
    const rest = await get(`/api/v1/runs/${id}/metrics/f1?limit=2&cursor=${first.body.next_cursor}`);
    expect(rest.body).toMatchObject({ items: [{ step: 0, value: 0 }], next_cursor: null });
    expect((await get(`/api/v1/runs/${id}/metrics/none`)).body).toEqual({ items: [], next_cursor: null });
    expect((await get(`/api/v1/runs/${randomUUID()}/metrics/f1`)).body.code).toBe('run-not-found');
    const noNumber = await post(`/api/v1/runs/${id}/metrics`, { metrics: [{ key: 'f1', value: 'high' }] });
    expect(noNumber.body.code).toBe('validation-failed');
  });

  it('takes what is no number to JSON, as MLflow does: an infinite value is the greatest there is', async () => {
    const { id } = await begin();
    const metrics = ['NaN', 'Infinity', '-Infinity'].map((value) => ({ key: value.replace('-', 'minus '), value }));
    const { body } = await post(`/api/v1/runs/${id}/metrics`, { metrics });
    const { MAX_VALUE } = Number;
    expect(body.metrics).toEqual({ NaN: 'NaN', Infinity: MAX_VALUE, 'minus Infinity': -MAX_VALUE });
  });

  it('takes the last value of a tag', async () => {
    const { id } = await begin();
    await post(`/api/v1/runs/${id}/tags`, { tags: { a: '1', b: '1' } });
    expect((await post(`/api/v1/runs/${id}/tags`, { tags: { a: '2' } })).body.tags).toEqual({ a: '2', b: '1' });
  });

  it('ends once', async () => {
    const { id } = await begin();
    const end = (state: string) => registry.call({ method: 'PUT', path: `/api/v1/runs/${id}`, body: { state } });
    const ended = await end('finished');
    expect(ended.body).toMatchObject({ state: 'finished', ended_at: expect.any(String) });
    expect((await end('finished')).body).toEqual(ended.body);
    expect((await end('failed')).body.code).toBe('invalid-transition');
  });

  it('may go on after its end, as in MLflow, and ends anew', async () => {
    const { id } = await begin();
    const move = (state: string) => registry.call({ method: 'PUT', path: `/api/v1/runs/${id}`, body: { state } });
    await move('failed');
    expect((await move('running')).body).toMatchObject({ state: 'running', ended_at: null });
    expect((await move('finished')).body).toMatchObject({ state: 'finished', ended_at: expect.any(String) });
  });

  it('names stored files, whose bytes anybody may read who may read the run', async () => {
    const { id } = await begin();
    const content = Buffer.from('{"leaderboard": []}');
    const artifact = {
      path: 'reports/leaderboard.json',
      digest: sha256(content),
      bytes: content.length,
      content_type: 'application/json',
    };
    const name = (body: object) =>
      registry.call({ method: 'POST', path: `/api/v1/runs/${id}/artifacts`, body, caller: 'training' });
    expect((await name(artifact)).body.code).toBe('artifact-not-found');
    await registry.store(content);
    expect((await name(artifact)).body.artifacts).toEqual([artifact]);
    expect((await name(artifact)).status).toBe(200);
    expect((await name({ ...artifact, bytes: 1 })).body.code).toBe('validation-failed');
    const other = await registry.store(Buffer.from('other'));
    expect((await name({ ...artifact, digest: other, bytes: 5 })).body.code).toBe('already-exists');
    const file = await get(`/api/v1/runs/${id}/artifact?path=reports/leaderboard.json`);
    expect(file.body).toEqual({ leaderboard: [] });
    expect(file.headers).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="leaderboard.json"',
    });
    expect((await get(`/api/v1/runs/${id}/artifact?path=none`)).body.code).toBe('artifact-not-found');
    expect((await get(`/api/v1/runs/${id}/artifact?path=../../etc/passwd`)).body.code).toBe('validation-failed');
  });

  // Guards all other content of the store: a digest is no secret, and an artifact is read by whoever may read runs.
  it('lets people name nothing but what is an artifact already', async () => {
    const [first, second] = [await begin(), await begin()];
    const content = Buffer.from('age,target\n63,1\n');
    const digest = await registry.store(content); // as a dataset's is
    const artifact = { path: 'a.csv', digest, bytes: content.length, content_type: 'text/csv' };
    const name = (id: string, body: object, caller: 'gateway' | 'training') =>
      registry.call({ method: 'POST', path: `/api/v1/runs/${id}/artifacts`, body, caller });
    for (const body of [artifact, { ...artifact, bytes: 1 }, { ...artifact, digest: 'f'.repeat(64) }])
      expect(await name(first.id, body, 'gateway')).toMatchObject({
        status: 404,
        body: { code: 'artifact-not-found', detail: 'No run has a file with this digest. Send the file itself.' },
      });
    await name(first.id, artifact, 'training');
    expect((await name(second.id, artifact, 'gateway')).body.artifacts).toEqual([artifact]);
  });

  it('takes the bytes of a file in a form, once', async () => {
    const { id } = await begin();
    const send = async (
      content: string,
      metadata: object = { path: 'plots/roc.svg', content_type: 'image/svg+xml' },
    ) => {
      const form = new FormData();
      form.set('metadata', JSON.stringify(metadata));
      form.set('file', new Blob([content]), 'roc.svg');
      const encoded = new Response(form);
      const payload = Buffer.from(await encoded.arrayBuffer());
      const type = { 'content-type': encoded.headers.get('content-type') ?? '' };
      return await registry.call({
        method: 'POST',
        path: `/api/v1/runs/${id}/artifacts`,
        body: payload,
        headers: type,
      });
    };
    const digest = sha256(Buffer.from('<svg/>'));
    const artifact = { path: 'plots/roc.svg', digest, bytes: 6, content_type: 'image/svg+xml' };
    expect((await send('<svg/>')).body.artifacts).toEqual([artifact]);
    expect((await send('<svg/>')).body.artifacts).toEqual([artifact]);
    expect((await send('<svg></svg>')).body.code).toBe('already-exists');
    expect((await send('x', { path: '../x' })).body.code).toBe('validation-failed');
  });

  it('that is told of later keeps the times its teller saw', async () => {
    const times = { started_at: '2026-01-02T03:04:05.678Z', ended_at: '2026-01-02T04:00:00.000Z' };
    const { id } = await begin({ name: 'offline', started_at: times.started_at });
    const body = { state: 'finished', ended_at: times.ended_at };
    expect((await registry.call({ method: 'PUT', path: `/api/v1/runs/${id}`, body })).body).toMatchObject(times);
  });

  it('is found by experiment, state and name', async () => {
    const { body } = await post('/api/v1/experiments', { name: 'search' });
    const run = await post(`/api/v1/experiments/${body.id}/runs`, { name: 'Needle' });
    await post(`/api/v1/experiments/${body.id}/runs`, { name: 'hay' });
    await registry.call({ method: 'PUT', path: `/api/v1/runs/${run.body.id}`, body: { state: 'finished' } });
    const names = async (query: string) =>
      (await get(`/api/v1/runs?experiment_id=${body.id}${query}`)).body.items.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['hay', 'Needle']);
    expect(await names('&state=finished')).toEqual(['Needle']);
    expect(await names('&name=needle')).toEqual(['Needle']);
    expect(await names('&name=100%25')).toEqual([]);
  });
});

describe('the artifact store', () => {
  const put = (digest: string, content: Buffer, type = 'application/octet-stream') =>
    registry.call({
      method: 'PUT',
      path: `/internal/artifacts/${digest}`,
      body: content,
      headers: { 'content-type': type },
      caller: 'training',
    });

  it('takes bytes under their digest and no other, and gives them back', async () => {
    const content = Buffer.alloc(300_000, 'gimbal');
    expect((await put(sha256(content), content)).body).toEqual({ digest: sha256(content), bytes: content.length });
    expect((await put(sha256(content), content)).status).toBe(200);
    const read = await get(`/internal/artifacts/${sha256(content)}`);
    expect(read.body.equals(content)).toBe(true);
    expect((await put('0'.repeat(64), content)).body).toMatchObject({
      status: 400,
      code: 'validation-failed',
      errors: [{ path: 'digest' }],
    });
    expect((await get(`/internal/artifacts/${'0'.repeat(64)}`)).body.code).toBe('artifact-not-found');
    expect((await get('/internal/artifacts/..%2f..%2fetc')).body.code).toBe('validation-failed');
    expect((await put(sha256(content), Buffer.from('{}'), 'application/json')).body.code).toBe(
      'unsupported-media-type',
    );
  });
});
