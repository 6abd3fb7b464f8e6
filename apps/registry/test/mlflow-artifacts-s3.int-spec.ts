import { createHash, randomBytes } from 'node:crypto';
import { findS3Server, S3_ACCESS_KEY, S3_SECRET_KEY, startTestS3, type TestS3 } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FilesHarness, type Owners, startFiles } from './mlflow-files-harness.js';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const program = findS3Server();
process.env['AWS_ACCESS_KEY_ID'] = S3_ACCESS_KEY;
process.env['AWS_SECRET_ACCESS_KEY'] = S3_SECRET_KEY;

(program === null ? describe.skip : describe)("files of MLflow's clients in a bucket", () => {
  let s3: TestS3;
  let files: FilesHarness;
  let owners: Owners;
  beforeAll(async () => {
    s3 = await startTestS3(program ?? '');
    files = await startFiles({
      ARTIFACT_URL: `s3://${s3.bucket}/registry`,
      ARTIFACT_S3_ENDPOINT: s3.endpoint,
      ARTIFACT_S3_PATH_STYLE: 'true',
    });
    owners = await files.makeOwners();
  });
  afterAll(async () => {
    await files?.registry.dispose();
    await s3?.dispose();
  });

  it('come back as they were sent, whole and in ranges', async () => {
    for (const content of [randomBytes(100), Buffer.concat([randomBytes(1_000), Buffer.alloc(20_000_000, 3)])]) {
      expect(await files.put(`${owners.run}/x.bin`, content)).toMatchObject({ status: 200 });
      expect(sha256((await files.get(`${owners.run}/x.bin`)).body)).toBe(sha256(content));
      const part = await files.get(`${owners.run}/x.bin`, { range: 'bytes=10-19' });
      expect([part.status, part.body]).toEqual([206, content.subarray(10, 20)]);
    }
  });

  it('are refused while the server is away, and taken when it is back', async () => {
    await files.put(`${owners.run}/kept`, Buffer.from('kept'));
    await s3.kill();
    for (const answer of [await files.put(`${owners.run}/y`, Buffer.from('y')), await files.get(`${owners.run}/kept`)])
      expect(answer).toMatchObject({ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE' } });
    await s3.restart();
    expect(await files.put(`${owners.run}/y`, Buffer.from('y'))).toMatchObject({ status: 200 });
    expect((await files.get(`${owners.run}/kept`)).body).toEqual(Buffer.from('kept'));
    expect(await files.get(`${owners.run}/nothing`)).toMatchObject({ status: 404 });
  });
});
