import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
