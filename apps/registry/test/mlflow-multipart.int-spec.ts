import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ArtifactFiles } from '../src/artifacts/artifact-files.service.js';
import { MultipartUploads } from '../src/artifacts/multipart-uploads.service.js';
import { type FilesHarness, type Owners, PROXY, startFiles } from './mlflow-files-harness.js';
import type { Answer } from './registry-harness.js';

const GATEWAY = { 'x-gimbal-public-url': 'https://ml.example.org/gimbal/' };
const PARTS = [randomBytes(70_000), randomBytes(70_000), randomBytes(3)];

let files: FilesHarness;
let owners: Owners;
beforeAll(async () => {
  files = await startFiles({ ARTIFACT_MAX_BYTES: '200000', MULTIPART_UPLOAD_LIFETIME: '60000' });
});
afterAll(() => files.registry.dispose());
beforeEach(async () => {
  owners = await files.makeOwners();
});

interface Begun {
  readonly id: string;
  /** Path and query of each part's address. */
  readonly addresses: readonly string[];
}

async function begin(root: string, name: string, parts: number): Promise<Begun> {
  const told = { path: `/home/ada/${name}`, num_parts: parts };
  const { status, body } = await files.post(`/mpu/create/${root}/model`, told, GATEWAY);
  expect(status).toBe(200);
  const addresses = body.credentials.map(({ url }: { url: string }) =>
    url.slice(GATEWAY['x-gimbal-public-url'].length - 1),
  );
  return { id: body.upload_id, addresses };
}
const sendPart = (address: string | undefined, body: Uint8Array): Promise<Answer> =>
  files.ask('PUT', address ?? '', { body });
const complete = (root: string, name: string, id: string, etags: readonly unknown[]): Promise<Answer> =>
  files.post(`/mpu/complete/${root}/model`, {
    path: `/home/ada/${name}`,
    upload_id: id,
    parts: etags.map((etag, index) => ({ part_number: index + 1, etag, url: 'https://ml.example.org/x' })),
  });

/** Contents of the store that no file, and no part of an upload under way, names. */
async function unnamed(): Promise<number> {
  const { rows, artifacts } = files.registry;
  const named = await rows.$queryRaw<{ digest: string }[]>`
    SELECT digest FROM artifacts UNION SELECT digest FROM logged_model_artifacts UNION
    SELECT digest FROM uploaded_parts JOIN multipart_uploads ON id = upload_id WHERE completed_at IS NULL`;
  const digests = new Set(named.map(({ digest }) => digest));
  const listed = (await readdir(artifacts, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
  return listed.filter((name) => !digests.has(name.slice(-64))).length;
}

describe('a file in parts', () => {
  it('is put together from parts that come in any order, at once, and again', async () => {
    for (const root of [owners.run, owners.model]) {
      const { id, addresses } = await begin(root, 'weights.bin', 3);
      await sendPart(addresses[2], PARTS[2] ?? Buffer.of());
      await sendPart(addresses[0], randomBytes(10));
      const answers = await Promise.all([1, 0, 2].map((part) => sendPart(addresses[part], PARTS[part] ?? Buffer.of())));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const etags = [1, 0, 2].map((part) => answers[part]?.headers['etag']);
      expect(await complete(root, 'weights.bin', id, etags)).toMatchObject({ status: 200, body: {} });
      expect((await files.get(`${root}/model/weights.bin`)).body).toEqual(Buffer.concat(PARTS));
    }
    const contents = (await readdir(files.registry.artifacts, { recursive: true })).filter((name) =>
      /[0-9a-f]{64}$/.test(name),
    );
    expect(contents).toHaveLength(1); // the parts are gone
  });

  it('begins with one signed address for each part, under the address that callers know', async () => {
    const { body } = await files.post(`/mpu/create/${owners.run}`, { path: 'a.bin', num_parts: '2' }, GATEWAY);
    expect(body).toEqual({
      upload_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      credentials: [1, 2].map((part) => ({
        part_number: part,
        url: expect.stringMatching(
          new RegExp(
            `^https://ml\\.example\\.org/gimbal/api/2\\.0/mlflow-artifacts/mpu/parts/[0-9a-f-]{36}/${part}\\?expires=\\d+&signature=[\\w-]{43}$`,
          ),
        ),
        headers: {},
      })),
    });
  });

  it('is refused at addresses that were not signed for this part, or whose time is over', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 2);
    const [first = '', second = ''] = addresses;
    const forged = [
      first.replace(/parts\/[^/]+\/1/, `parts/${id}/2`),
      first.replace(/parts\/[^/]+/, `parts/${(await begin(owners.run, 'b.bin', 1)).id}`),
      first.replace(/expires=\d+/, 'expires=99999999999'),
      first.replace(/signature=.*/, `signature=${second.split('signature=')[1]}`),
      first.replace(/signature=.*/, 'signature='),
      first.replace(/\?.*/, ''),
      `${first}&signature=x`,
    ];
    for (const address of forged)
      expect(await sendPart(address, Buffer.from('x'))).toMatchObject({
        status: 401,
        body: { error_code: 'UNAUTHENTICATED' },
      });
    expect(await files.registry.rows.uploadedPart.count({ where: { uploadId: id } })).toBe(0);
  });

  it('is not made of parts that are missing, or were sent again meanwhile', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 2);
    const { headers } = await sendPart(addresses[0], Buffer.from('one'));
    for (const etags of [[headers['etag'], undefined], ['"other"'], []])
      expect(await complete(owners.run, 'a.bin', id, etags)).toMatchObject({
        status: 400,
        body: { error_code: 'INVALID_PARAMETER_VALUE' },
      });
    expect(await files.list(`${owners.run}/model`)).toEqual([]);
    expect(await complete(owners.run, 'a.bin', id, [headers['etag']])).toMatchObject({ status: 200 });
  });

  it('belongs to the path it began with', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 1);
    const { headers } = await sendPart(addresses[0], Buffer.from('one'));
    for (const [root, name] of [
      [owners.run, 'b.bin'],
      [owners.model, 'a.bin'],
    ] as const)
      expect(await complete(root, name, id, [headers['etag']])).toMatchObject({
        status: 404,
        body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
      });
  });

  it('is not larger than one file may be', async () => {
    const { addresses } = await begin(owners.run, 'a.bin', 2);
    expect(await sendPart(addresses[0], randomBytes(150_000))).toMatchObject({ status: 200 });
    expect(await sendPart(addresses[1], randomBytes(50_001))).toMatchObject({
      status: 413,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
    expect(await sendPart(addresses[1], randomBytes(50_000))).toMatchObject({ status: 200 });
  });

  it('is not larger than one file may be when its parts come at once, and what passes the limit leaves nothing', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 8);
    const answers = await Promise.all(addresses.map((address) => sendPart(address, randomBytes(60_000))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 413, 413, 413, 413, 413]);
    const { _sum } = await files.registry.rows.uploadedPart.aggregate({
      where: { uploadId: id },
      _sum: { bytes: true },
    });
    expect(Number(_sum.bytes)).toBe(180_000);
    expect(await unnamed()).toBe(0);
  });

  it('is completed again with the same answer, and nothing is done again', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 2);
    const etags: unknown[] = [];
    for (const [part, address] of addresses.entries())
      etags.push((await sendPart(address, PARTS[part] ?? Buffer.of())).headers['etag']);
    const both = () => complete(owners.run, 'a.bin', id, etags);
    expect(await Promise.all([both(), both(), both()])).toMatchObject([
      { status: 200 },
      { status: 200 },
      { status: 200 },
    ]);
    expect(await unnamed()).toBe(0); // the parts are gone, only the list of them is not
    await files.put(`${owners.run}/model/a.bin`, Buffer.from('later'));
    for (const again of [etags, [undefined, undefined]])
      expect(await complete(owners.run, 'a.bin', id, again)).toMatchObject({ status: 200, body: {} });
    expect((await files.get(`${owners.run}/model/a.bin`)).body).toEqual(Buffer.from('later'));
    for (const others of [[etags[0]], ['"other"', etags[1]], [...etags, undefined]])
      expect(await complete(owners.run, 'a.bin', id, others)).toMatchObject({ status: 400 });
    expect(await sendPart(addresses[0], Buffer.from('late'))).toMatchObject({ status: 404 });
    const abort = await files.post(`/mpu/abort/${owners.run}/model`, { path: 'a.bin', upload_id: id });
    expect([abort.status, (await both()).status]).toEqual([200, 200]);
    await files.registry.app.get(MultipartUploads).abortStale(new Date(Date.now() + 61_000));
    expect(await both()).toMatchObject({ status: 404 });
    expect((await files.get(`${owners.run}/model/a.bin`)).status).toBe(200);
  });

  // Guards an answer of 200 that named nothing, and a file that appears after the abort was answered.
  it('is named and completed in one step: one that was aborted meanwhile leaves no file', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 1);
    const { headers } = await sendPart(addresses[0], Buffer.from('one'));
    const uploads = files.registry.app.get(MultipartUploads);
    const owner = { kind: 'run', id: owners.runId } as const;
    const place = { owner, path: 'model/a.bin' };
    const keep = ArtifactFiles.prototype.keep;
    const spy = jest.spyOn(ArtifactFiles.prototype, 'keep').mockImplementation(async function (
      this: ArtifactFiles,
      ...told
    ) {
      await uploads.abort({ id, place });
      return await keep.apply(this, told);
    });
    expect(await complete(owners.run, 'a.bin', id, [headers['etag']])).toMatchObject({ status: 404 });
    spy.mockRestore();
    expect(await files.list(`${owners.run}/model`)).toEqual([]);
  });

  it('is forgotten when it is aborted, once and again, and then takes no more parts', async () => {
    const { id, addresses } = await begin(owners.run, 'a.bin', 2);
    await sendPart(addresses[0], Buffer.from('one'));
    const abort = () => files.post(`/mpu/abort/${owners.run}/model`, { path: 'a.bin', upload_id: id });
    expect(await abort()).toMatchObject({ status: 200, body: {} });
    expect(await abort()).toMatchObject({ status: 200, body: {} });
    expect(await sendPart(addresses[1], Buffer.from('two'))).toMatchObject({ status: 404 });
    expect(await complete(owners.run, 'a.bin', id, [undefined])).toMatchObject({ status: 404 });
  });

  it('is forgotten when it takes too long', async () => {
    const { id, addresses } = await begin(owners.run, 'old.bin', 1);
    await sendPart(addresses[0], Buffer.from('one'));
    const uploads = files.registry.app.get(MultipartUploads);
    await uploads.abortStale(new Date(Date.now() + 50_000));
    expect(await files.registry.rows.multipartUpload.count({ where: { id } })).toBe(1);
    await uploads.abortStale(new Date(Date.now() + 61_000));
    expect(await files.registry.rows.multipartUpload.count({ where: { id } })).toBe(0);
  });

  it.each([
    ['no parts', { path: 'a', num_parts: 0 }],
    ['too many', { path: 'a', num_parts: 10_001 }],
    ['no number', { path: 'a', num_parts: 'many' }],
    ['no path', { num_parts: 1 }],
    ['a path without a name', { path: 'a/', num_parts: 1 }],
    ['a path that climbs', { path: '/home/..', num_parts: 1 }],
  ])('is refused with %s', async (_why, told) => {
    expect(await files.post(`/mpu/create/${owners.run}`, told, GATEWAY)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
  });
});

describe('files that break off', () => {
  it('leave nothing, also no part', async () => {
    const { addresses } = await begin(owners.run, 'broken.bin', 1);
    for (const path of [`${PROXY}/artifacts/${owners.run}/broken.bin`, addresses[0]]) {
      const sent = files.begin({ method: 'PUT', path, headers: { 'content-length': '100000' } });
      sent.on('error', () => undefined).write(randomBytes(50_000));
      await eventually(async () => expect(await readdir(`${files.registry.artifacts}/tmp`)).toHaveLength(1));
      sent.destroy();
      await eventually(async () => expect(await readdir(`${files.registry.artifacts}/tmp`)).toHaveLength(0));
    }
    expect(await files.list(owners.run)).toEqual([]);
    expect(await files.registry.rows.uploadedPart.count({ where: { upload: { path: { contains: 'broken' } } } })).toBe(
      0,
    );
  });
});
