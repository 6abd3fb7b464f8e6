import { createHash, randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FilesHarness, type Owners, PROXY, startFiles } from './mlflow-files-harness.js';
import type { Answer } from './registry-harness.js';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const textOf = ({ body }: Answer): string => body.toString('utf8');

let files: FilesHarness;
let owners: Owners;
beforeAll(async () => {
  files = await startFiles();
  owners = await files.makeOwners();
});
afterAll(() => files.registry.dispose());

describe('the artifact proxy', () => {
  it('gives back the bytes that were sent, of runs and of logged models, as a download that no browser runs', async () => {
    const content = randomBytes(300_000);
    for (const root of [owners.run, owners.model]) {
      expect(await files.put(`${root}/model/model.onnx`, content)).toMatchObject({ status: 200, body: {} });
      const answer = await files.get(`${root}/model/model.onnx`);
      expect(answer.body).toEqual(content);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': '300000',
        'content-disposition': 'attachment; filename="model.onnx"',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        etag: `"${sha256(content)}"`,
      });
    }
  });

  it('takes any content type as it comes, JSON too, and guesses the type of the answer by the name', async () => {
    await files.put(`${owners.run}/page.html`, Buffer.from('<script>'), { 'content-type': 'text/html' });
    await files.put(`${owners.run}/broken.json`, Buffer.from('{'), { 'content-type': 'application/json' });
    await files.put(`${owners.run}/MLmodel`, Buffer.from('flavors: {}'), { 'content-type': 'text/plain' });
    expect((await files.get(`${owners.run}/page.html`)).headers['content-type']).toBe('text/html');
    const { headers, ...json } = await files.get(`${owners.run}/broken.json`);
    expect(headers['content-type']).toBe('text/plain');
    expect(textOf({ headers, ...json })).toBe('{');
    expect((await files.get(`${owners.run}/MLmodel`)).headers['content-type']).toBe('text/plain');
  });

  it('lists what lies directly in a folder, with names alone, as the client puts them together', async () => {
    const { run: root } = await files.makeOwners();
    for (const path of ['a.txt', 'model/MLmodel', 'model/data/weights.bin', 'Zoë 100%/x.txt'])
      await files.put(`${root}/${path.split('/').map(encodeURIComponent).join('/')}`, Buffer.from(path));
    expect(await files.list(root)).toEqual([
      { path: 'Zoë 100%', is_dir: true },
      { path: 'a.txt', is_dir: false, file_size: 5 },
      { path: 'model', is_dir: true },
    ]);
    expect(await files.list(`${root}/model`)).toEqual([
      { path: 'MLmodel', is_dir: false, file_size: 13 },
      { path: 'data', is_dir: true },
    ]);
    expect(await files.list(`${root}/Zoë 100%`)).toEqual([{ path: 'x.txt', is_dir: false, file_size: 15 }]);
    expect(await files.list(`${root}/a.txt`)).toEqual([]);
    expect(await files.list(`${root}/nothing`)).toEqual([]);
  });

  it('replaces a file by another of the same path', async () => {
    await files.put(`${owners.run}/twice.txt`, Buffer.from('one'));
    await files.put(`${owners.run}/twice.txt`, Buffer.from('two'));
    expect(textOf(await files.get(`${owners.run}/twice.txt`))).toBe('two');
  });

  it('keeps an empty file', async () => {
    await files.put(`${owners.run}/empty/__init__.py`, new Uint8Array());
    const { status, body } = await files.get(`${owners.run}/empty/__init__.py`);
    expect([status, body.length]).toEqual([200, 0]);
  });

  it('never makes a path a file and a folder', async () => {
    await files.put(`${owners.run}/both`, Buffer.from('file'));
    await files.put(`${owners.run}/folder/x`, Buffer.from('file'));
    for (const path of ['both/x', 'folder'])
      expect(await files.put(`${owners.run}/${path}`, Buffer.from('x'))).toMatchObject({
        status: 400,
        body: { error_code: 'INVALID_PARAMETER_VALUE' },
      });
  });

  it('deletes a file, a folder and, with a slash at the end as the client sends it, all; once and again', async () => {
    const { run: root } = await files.makeOwners();
    for (const path of ['a', 'f/b', 'f/c', 'fg']) await files.put(`${root}/${path}`, Buffer.from(path));
    const remove = (path: string) => files.ask('DELETE', `${PROXY}/artifacts/${path}`);
    for (const path of ['a', 'a', 'f', 'nothing'])
      expect(await remove(`${root}/${path}`)).toMatchObject({ status: 200, body: {} });
    expect(await files.list(root)).toEqual([{ path: 'fg', is_dir: false, file_size: 2 }]);
    expect(await files.get(`${root}/a`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
    await remove(`${root}/`);
    expect(await files.list(root)).toEqual([]);
  });

  it('gives ranges, what has not changed, and heads', async () => {
    const content = randomBytes(10_000);
    await files.put(`${owners.run}/range.bin`, content);
    const etag = `"${sha256(content)}"`;
    const rangeOf = async (headers: Record<string, string>) => {
      const { status, body, headers: told } = await files.get(`${owners.run}/range.bin`, headers);
      return { status, body: Buffer.from(body), range: told['content-range'] };
    };
    expect(await rangeOf({ range: 'bytes=0-9' })).toEqual({
      status: 206,
      body: content.subarray(0, 10),
      range: 'bytes 0-9/10000',
    });
    expect(await rangeOf({ range: 'bytes=9990-' })).toMatchObject({ status: 206, body: content.subarray(9_990) });
    expect(await rangeOf({ range: 'bytes=-5' })).toMatchObject({ status: 206, body: content.subarray(9_995) });
    expect(await rangeOf({ range: 'bytes=5-1000000' })).toMatchObject({ status: 206, range: 'bytes 5-9999/10000' });
    expect(await rangeOf({ range: 'bytes=10000-' })).toMatchObject({ status: 416, range: 'bytes */10000' });
    for (const range of ['bytes=9-5', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
      expect(await rangeOf({ range })).toMatchObject({ status: 200, body: content });
    expect(await rangeOf({ range: 'bytes=0-9', 'if-range': '"other"' })).toMatchObject({ status: 200, body: content });
    expect(await rangeOf({ 'if-none-match': etag })).toMatchObject({ status: 304 });
    const head = await files.ask('HEAD', `${PROXY}/artifacts/${owners.run}/range.bin`);
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '10000', etag } });
    expect(head.body).toHaveLength(0);
  });

  // Guards the next answer on the connection, which would be read as the rest of this one.
  it('breaks off a range of a file that was cut on the disk', async () => {
    const content = randomBytes(10_000);
    await files.put(`${owners.run}/cut.bin`, content);
    const digest = sha256(content);
    await truncate(join(files.registry.artifacts, 'sha256', digest.slice(0, 2), digest), 5_000);
    for (const range of ['bytes=0-9999', 'bytes=4000-6000', 'bytes=6000-'])
      await expect(files.get(`${owners.run}/cut.bin`, { range })).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect((await files.get(`${owners.run}/cut.bin`, { range: 'bytes=0-9' })).body).toEqual(content.subarray(0, 10));
  });
});

describe('what may be read and written', () => {
  it('is nothing of runs and models that are not there, or are of another experiment', async () => {
    const other = await files.makeOwners();
    await files.put(`${other.run}/x`, Buffer.from('x'));
    const places = [
      owners.run.replace(/^\d+/, other.number),
      owners.model.replace(/^\d+/, other.number),
      `${owners.number}/${'0'.repeat(32)}/artifacts`,
      `${owners.number}/models/m-${'0'.repeat(32)}/artifacts`,
    ];
    for (const place of places) {
      for (const answer of [await files.put(`${place}/x`, Buffer.from('x')), await files.get(`${place}/x`)])
        expect(answer).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
    }
  });

  // Versions that were made of a run outlive it.
  it('of what is deleted is read as before, but not changed', async () => {
    const { run, runId } = await files.makeOwners();
    await files.put(`${run}/x`, Buffer.from('x'));
    await files.registry.rows.run.update({ where: { id: runId }, data: { lifecycle: 'deleted' } });
    const changes = [
      await files.put(`${run}/x`, Buffer.from('y')),
      await files.ask('DELETE', `${PROXY}/artifacts/${run}/x`),
    ];
    for (const answer of changes)
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    expect(await files.get(`${run}/x`)).toMatchObject({ status: 200, body: Buffer.from('x') });
  });

  it('is nothing but paths of runs and of logged models', async () => {
    const paths = [
      'x',
      owners.number,
      `${owners.number}/${'a'.repeat(32)}`,
      `${owners.number}/${'a'.repeat(32)}/other/x`,
      'models/x',
      `-1/${'a'.repeat(32)}/artifacts/x`,
    ];
    for (const path of paths) {
      const answer = await files.put(path, Buffer.from('x'));
      expect([path, answer.status, answer.body.error_code]).toEqual([path, 400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  it('is asked for by texts that are there once and that PostgreSQL can keep', async () => {
    const { run, runId, modelId } = owners;
    await files.put(`${run}/x`, Buffer.from('x'));
    const token = Buffer.from(JSON.stringify(['a\u0000'])).toString('base64url');
    for (const path of [
      `/get-artifact?run_id=${runId}&run_id=${runId}&path=x`,
      `/get-artifact?run_id=${runId}&path=x&path=x`,
      `/get-artifact?run_id=${runId}&path=x%00`,
      `/ajax-api/2.0/mlflow/logged-models/${modelId}%00/artifacts/files?artifact_file_path=x`,
      `/model-versions/get-artifact?name=a%00&version=1&path=x`,
      `/api/2.0/mlflow/artifacts/list?run_id=${runId}&page_token=${token}`,
    ]) {
      const { status, body } = await files.ask('GET', path);
      expect([path, status, body.error_code]).toEqual([path, 400, 'INVALID_PARAMETER_VALUE']);
    }
  });
});
