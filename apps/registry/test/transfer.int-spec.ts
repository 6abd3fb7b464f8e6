import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extract, type Pack, pack } from 'tar-stream';
import { type Answer, type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, promote, register } from './versions.js';

let here: RegistryHarness;
let there: RegistryHarness;
let exported: Buffer;
let keyId: string;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  [here, there] = await Promise.all([startRegistry(), startRegistry()]);
  const card = Buffer.from('{"importance": {"gain": []}}');
  const digest = await here.store(card);
  const { id: runId } = await here.rows.run.create({
    data: {
      ...{ name: 'best of ten', createdBy: 'training', state: 'finished', endedAt: new Date() },
      experiment: { create: { name: 'heart', createdBy: 'training' } },
      params: { create: { key: 'trees', value: '100' } },
      tags: { create: { key: 'team', value: 'cardiology' } },
      metrics: {
        create: [
          { key: 'auc', step: 1, value: 0.8 },
          { key: 'auc', step: 2, value: 0.9 },
          { key: 'loss', step: 1, value: Number.NaN },
        ],
      },
      artifacts: { create: { path: 'model-card.json', digest, bytes: card.length, contentType: 'application/json' } },
    },
  });
  await register(here, 'heart', { run_id: runId, reference_profile_digest: await here.store(Buffer.from('{}')) });
  await register(here, 'heart', { parent_version: 1, description: 'The second.' });
  await promote(here, { model: 'heart', version: 1, expected: null });
  const body = { version: 2, reason: 'Promising.' };
  await here.call({ method: 'PUT', path: '/api/v1/models/heart/aliases/challenger', body });
  exported = (await here.call({ path: '/api/v1/models/heart/export' })).body;
  keyId = (await here.call({ path: '/api/v1/manifests/keys' })).body.keys[0].kid;
});
afterAll(() => Promise.all([here.dispose(), there.dispose()]));

/** As a connection brings them. */
function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}

async function send(registry: RegistryHarness, file: Uint8Array, metadata: object): Promise<Answer> {
  const form = new FormData();
  form.append('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
  form.append('file', new Blob([new Uint8Array(file)]), 'model.tar');
  const request = new Request('http://registry', { method: 'POST', body: form });
  return await registry.call({
    ...{ method: 'POST', path: '/api/v1/models/import', roles: ['admin'] },
    body: Readable.from(piecesOf(Buffer.from(await request.arrayBuffer()))),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  });
}

type TarHead = Exclude<Parameters<Pack['entry']>[0], string>;

interface TarEntry {
  readonly header: TarHead;
  readonly content: Buffer;
}

async function unpack(file: Buffer): Promise<TarEntry[]> {
  const entries = extract();
  entries.end(file);
  const found: TarEntry[] = [];
  for await (const entry of entries) found.push({ header: entry.header, content: await buffer(entry) });
  return found;
}

async function repack(
  entries: readonly { readonly header: TarHead; readonly content?: Buffer | undefined }[],
): Promise<Buffer> {
  const tar = pack();
  for (const { header, content } of entries) content ? tar.entry(header, content) : tar.entry(header);
  tar.finalize();
  return await buffer(tar);
}

describe('a model that is exported and imported', () => {
  it('is one file: what it is, its signature, and each content once under its digest', async () => {
    const [archive, signature, ...contents] = await unpack(exported);
    expect([archive!.header.name, signature!.header.name]).toEqual(['archive.json', 'signature.jws']);
    expect(contents.map(({ header }) => header.name)).toEqual(
      contents.map(({ content }) => `content/${sha256(content)}`),
    );
    expect(contents).toHaveLength(4); // two versions have the same file and MLmodel
  });

  it('arrives in another installation whole, with its history, and nothing of it is live', async () => {
    const { status, body } = await send(there, exported, { key_id: keyId });
    expect([status, body]).toEqual([201, { model_name: 'heart', versions: 2, runs: 1, files: 4, key_id: keyId }]);
    const get = async (path: string) => (await there.call({ path: `/api/v1/models/heart${path}` })).body;
    const [mine, theirs] = await Promise.all([
      here.call({ path: '/api/v1/models/heart/versions/2' }).then(({ body: version }) => version),
      get('/versions/2'),
    ]);
    for (const same of [
      'algorithm',
      'signature',
      'threshold',
      'evaluation',
      'artifact_digest',
      'description',
      'created_at',
    ])
      expect([same, theirs[same]]).toEqual([same, mine[same]]);
    expect(theirs.parent_version).toBe(1);
    expect(await get('')).toMatchObject({ live_version: null, latest_version: 2, aliases: { challenger: 2 } });
    expect(await get('/versions/1')).toMatchObject({ stage: 'staging', is_active: false });
    // The histories that came with it say that version 1 went live: elsewhere.
    expect(await get('/live')).toMatchObject({ live: null, aliases: { challenger: 2 }, stages: { production: [] } });
    expect((await get('/aliases/live/history')).items).toMatchObject([{ from_version: 1, to_version: null }, {}]);
    expect((await get('/aliases/challenger/history')).items).toMatchObject([{ to_version: 2, reason: 'Promising.' }]);
    const { run_id: runId } = await get('/versions/1');
    const { body: run } = await there.call({ path: `/api/v1/runs/${runId}` });
    expect(run).toMatchObject({ name: 'best of ten', params: { trees: '100' }, metrics: { auc: 0.9 } });
    expect(run.tags.team).toBe('cardiology');
    const file = await there.call({ path: `/api/v1/runs/${runId}/artifact?path=model-card.json` });
    expect(file.body).toEqual({ importance: { gain: [] } });
    expect((await get('/versions/2/manifest')).manifest.artifact_sha256).toBe(theirs.artifact_digest);
    expect((await auditOf(there, 'heart')).map(({ action }) => action)).toContain('model.imported');
  });

  it('goes on being numbered, and can go live there by a promotion', async () => {
    expect((await register(there, 'heart')).body.version).toBe(3);
    expect((await promote(there, { model: 'heart', version: 3, expected: null })).status).toBe(200);
  });

  it('is not taken in twice under one name, but under another', async () => {
    expect((await send(there, exported, { key_id: keyId })).body.code).toBe('already-exists');
    expect((await send(here, exported, {})).body.code).toBe('already-exists');
    expect((await send(here, exported, { as: 'heart-copy' })).body).toMatchObject({
      model_name: 'heart-copy',
      versions: 2,
    });
  });
});

describe('an import', () => {
  it('that broke off can be repeated, and left nothing that anybody sees', async () => {
    const broken = await send(there, exported.subarray(0, exported.length - 2_000), { key_id: keyId, as: 'again' });
    expect(broken.status).toBe(400);
    expect((await there.call({ path: '/api/v1/models/again' })).status).toBe(404);
    expect((await send(there, exported, { key_id: keyId, as: 'again' })).status).toBe(201);
  });

  it('at the same time as others of the same name is done once, and the others are told', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(there, exported, { key_id: keyId, as: 'raced' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'already-exists']));
    expect(await there.rows.run.count({ where: { versions: { some: { modelName: 'raced' } } } })).toBe(1);
  });

  it('takes in a run with 20 000 files and as many points', async () => {
    const digests = await Promise.all(Array.from({ length: 50 }, (_, index) => here.store(Buffer.from(`${index}`))));
    await register(here, 'wide');
    const { id: runId } = await here.rows.run.create({
      data: { name: 'wide', createdBy: 'grace', experiment: { create: { name: 'wide', createdBy: 'grace' } } },
    });
    const many = Array.from({ length: 20_000 }, (_, index) => index);
    const fileOf = (index: number) => ({ digest: digests[index % 50]!, bytes: index % 50 < 10 ? 1 : 2 });
    await here.rows.artifact.createMany({
      data: many.map((index) => ({ runId, path: `checkpoints/${index}.bin`, contentType: 'x/y', ...fileOf(index) })),
    });
    await here.rows.runMetric.createMany({
      data: many.map((step) => ({ runId, key: step % 2 ? 'loss' : 'auc', step: BigInt(step), value: step / 7 })),
    });
    await here.rows.modelVersion.updateMany({ where: { modelName: 'wide' }, data: { runId } });
    const { body: file } = await here.call({ path: '/api/v1/models/wide/export' });
    expect((await send(there, file, { key_id: keyId })).body).toMatchObject({ model_name: 'wide', runs: 1 });
    const { run_id: imported } = (await there.call({ path: '/api/v1/models/wide/versions/1' })).body;
    const { body: run } = await there.call({ path: `/api/v1/runs/${imported}` });
    expect(run.artifacts).toHaveLength(20_000);
    expect(run.metrics).toEqual({ auc: 19_998 / 7, loss: 19_999 / 7 });
  });
});

describe('a file that is refused', () => {
  const isRefused = async (file: Uint8Array, words: string, metadata: object = { key_id: keyId, as: 'hostile' }) => {
    const { status, body } = await send(there, file, metadata);
    expect([status, body.code, JSON.stringify(body.errors)]).toEqual([
      400,
      'validation-failed',
      expect.stringContaining(words),
    ]);
    expect((await there.call({ path: '/api/v1/models/hostile' })).body.code).toBe('model-not-found');
  };

  it('is signed by a key that nobody said to trust', async () => {
    await isRefused(exported, 'is not signed by a key of this registry', { as: 'hostile' });
    await isRefused(exported, 'is not signed by a key of this registry', { as: 'hostile', key_id: 'another' });
  });

  it('says something else than was signed, also with the trusted name on another key', async () => {
    const [archive, ...rest] = await unpack(exported);
    const text = archive!.content.toString();
    const altered = (content: string) =>
      repack([
        { header: { name: 'archive.json' }, content: Buffer.from(content) },
        ...rest.map(({ header: { name }, content: c }) => ({ header: { name }, content: c })),
      ]);
    await isRefused(await altered(text.replace('The second.', 'The worst.')), 'is not what was signed');
    const { x } = (await there.call({ path: '/api/v1/manifests/keys' })).body.keys[0];
    const [key] = JSON.parse(text).keys;
    await isRefused(await altered(text.replaceAll(key.x, x)), 'is not signed by a key of this registry');
  });

  it('has other content than its digest says', async () => {
    const entries = await unpack(exported);
    const last = entries.at(-1)!;
    const other = Buffer.alloc(last.content.length, 1);
    const { body } = await send(there, await repack([...entries.slice(0, -1), { ...last, content: other }]), {
      key_id: keyId,
      as: 'hostile',
    });
    expect(body.code).toMatch(/validation-failed|artifact-corrupt/);
  });

  it.each([
    ['a path that leads elsewhere', { name: '../../etc/passwd' }],
    ['an absolute path', { name: '/etc/passwd' }],
    ['a link', { name: 'content/x', type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', { name: 'content/x', type: 'link', linkname: '/etc/passwd' }],
    ['a folder', { name: 'content', type: 'directory' }],
    ['a device', { name: 'content/x', type: 'character-device' }],
  ] as const)('has %s', async (_what, header) => {
    const entries = await unpack(exported);
    const hostile = header.name.startsWith('content') ? { header } : { header, content: Buffer.from('x') };
    await isRefused(
      await repack([...entries.slice(0, 2), hostile, ...entries.slice(2)]),
      header.name.startsWith('content') ? 'no file' : 'other files',
    );
  });

  it('has an entry twice, one too many, or one too few', async () => {
    const entries = await unpack(exported);
    await isRefused(await repack([...entries, entries.at(-1)!]), 'other files');
    await isRefused(await repack([entries[0]!, entries[0]!, ...entries.slice(1)]), 'must have signature.jws');
    await isRefused(await repack(entries.slice(0, -1)), 'ends early');
    await isRefused(await repack([]), 'ends early');
  });

  it('is cut off, or is no tar at all', async () => {
    await isRefused(exported.subarray(0, exported.length / 2), '');
    await isRefused(Buffer.from('no tar'.repeat(1_000)), '');
    await isRefused(Buffer.alloc(0), '');
  });

  it('claims a head or a document larger than anybody needs', async () => {
    const bytes = 40_000_000;
    const tar = pack();
    tar.entry({ name: 'archive.json', size: bytes });
    await isRefused(await firstBytes(tar, 500_000), 'of more than');
    const pax = Buffer.concat([paxHead(bytes), Buffer.alloc(3_000_000, 'a')]);
    await isRefused(pax, 'is no whole tar file');
  });
});

/** The head of an entry that says what follows is a pax header of so many bytes. */
function paxHead(bytes: number): Buffer {
  const head = Buffer.alloc(512);
  head.write('PaxHeader', 0);
  head.write('0000644\0', 100);
  head.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('x', 156);
  head.write('ustar\0', 257);
  head.write('00', 263);
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

/** The head of a tar whose entry is never filled, and zeros after it. */
async function firstBytes(tar: ReturnType<typeof pack>, bytes: number): Promise<Buffer> {
  const head = await new Promise<Buffer>((resolve) => {
    tar.once('data', (chunk) => resolve(chunk as Buffer)); // bytes are written
  });
  tar.destroy();
  return Buffer.concat([head, Buffer.alloc(bytes)]);
}
