import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Answer, type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'datasets-test-'));
  await mkdir(join(place, 'allowed'));
  registry = await startRegistry({
    DATASET_FOLDERS: `${join(place, 'allowed')},/nowhere`,
    DATASET_MAX_BYTES: '200000',
  });
});
afterAll(async () => {
  await registry?.dispose();
  await rm(place, { recursive: true, force: true });
});

const BANK = `age;job;balance;since;subscribed
58;management;2143,50;2011-05-01;no
44;technician;29,00;2011-05-02;no
33;"self;employed";2,00;2011-05-02;yes
47;NA;1506,25;2011-05-03;no
`;

async function upload(metadata: unknown, file: string | Uint8Array, fileName = 'bank.csv'): Promise<Answer> {
  const form = new FormData();
  form.append('metadata', JSON.stringify(metadata));
  form.append('file', new Blob([Buffer.from(file as string)]), fileName);
  const request = new Request('http://registry', { method: 'POST', body: form });
  return await registry.call({
    method: 'POST',
    path: '/api/v1/datasets',
    body: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  });
}

describe('a file that is uploaded', () => {
  it('becomes a version with its definition, profile and warnings', async () => {
    const { status, body } = await upload({ name: 'bank', target: 'subscribed' }, BANK);
    expect([status, body.version, body.rows, body.task]).toEqual([201, 1, 4, 'binary-classification']);
    expect(body.form).toMatchObject({ format: 'csv', delimiter: ';', decimal: ',', header: 'present' });
    expect(body.definition.target).toMatchObject({ column: 'subscribed', positive: 'yes' });
    expect(body.definition.columns.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual([
      ['age', 'number'],
      ['job', 'category'],
      ['balance', 'number'],
      ['since', 'ignored'],
      ['subscribed', 'category'],
    ]);
    expect(body.definition.columns[1].categories).toEqual(['management', 'self;employed', 'technician']);
    expect(body.profile.columns[2].number).toMatchObject({ count: 4, min: 2, max: 2143.5 });
    expect(body.profile.columns[1]).toMatchObject({ missing: 1, distinct: 3, kind: 'category' });
    expect(body.warnings.map(({ code, column }: { code: string; column: string }) => [code, column])).toEqual([
      ['date-column', 'since'],
    ]);
    const { body: read } = await registry.call({ path: '/api/v1/datasets/bank/versions/1', caller: 'training' });
    expect(read).toEqual(body);
    const stored = await registry.call({ path: `/internal/artifacts/${body.digest}`, caller: 'training' });
    expect(stored.body.toString()).toBe(BANK);
  });

  it('is the same version when it comes again, and the next one when it differs', async () => {
    const again = await upload({ name: 'bank', target: 'subscribed' }, BANK, 'other-name.csv');
    expect([again.status, again.body.version, again.body.file_name]).toEqual([200, 1, 'bank.csv']);
    const next = await upload({ name: 'bank', target: 'subscribed' }, `${BANK}50;services;1,00;2011-05-04;yes\n`);
    expect([next.status, next.body.version]).toEqual([201, 2]);
    const { body: list } = await registry.call({ path: '/api/v1/datasets/bank/versions' });
    expect(list.items.map(({ version, rows }: { version: number; rows: number }) => [version, rows])).toEqual([
      [2, 5],
      [1, 4],
    ]);
    const { body: all } = await registry.call({ path: '/api/v1/datasets' });
    expect(all.items).toMatchObject([{ name: 'bank', latest_version: 2, latest: { rows: 5 } }]);
    expect((await registry.call({ path: '/api/v1/datasets/bank' })).body).toMatchObject({ latest_version: 2 });
  });

  it('gets one number when it comes twice at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => upload({ name: 'twins' }, 'a,b\n1,x\n2,y\n')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.version))).toEqual(new Set([1]));
  });

  it.each([
    ['wrong quotes', 'a,b\n1,"x"y\n', 'bank.csv, line 2, column b: text follows a closing quote.'],
    [
      'a cut file',
      'a,b\n1,2\n3',
      'bank.csv, line 3: 1 cells where 2 columns are expected; the file ends here and may have been cut.',
    ],
    ['a quote that stays open', 'a,b\n1,"2\n3,4\n', 'bank.csv, line 2, column b: a quote is never closed.'],
    ['other encodings', Buffer.from('a,b\n1,M\xfcller\n', 'latin1'), /line 2, column b: the text is not UTF-8/],
    ['a target that is not there', 'c,b\n1,2\n', 'The file has no column a.'],
    ['no rows', 'a,b\n', 'bank.csv: the file has no rows.'],
    ['no bytes', '', 'bank.csv: the file has no rows.'],
  ])('is refused with %s, and not kept', async (_, file, detail) => {
    const before = await registry.rows.datasetVersion.count();
    const { status, body } = await upload({ name: 'broken', target: 'a' }, file);
    expect([status, body.code]).toEqual([422, 'dataset-invalid']);
    expect(body.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
    expect(await registry.rows.datasetVersion.count()).toBe(before);
    expect((await registry.call({ path: '/api/v1/datasets/broken' })).status).toBe(404);
  });

  it('is read as Latin-1 when that is declared', async () => {
    const file = Buffer.from('a,b\n1,M\xfcller\n2,Meier\n', 'latin1');
    const { status, body } = await upload({ name: 'latin', form: { encoding: 'latin1' } }, file);
    expect([status, body.definition.columns[1].categories]).toEqual([201, ['Meier', 'Müller']]);
  });

  it('without a header, or with gaps in it, gets names and a warning', async () => {
    const { body } = await upload({ name: 'nameless' }, ',b\n0.5,x\n0.25,y\n');
    expect([body.definition.columns[0].name, body.warnings]).toEqual([
      'column_1',
      [{ code: 'unnamed-column', column: 'column_1', message: 'column_1: the file has no name for this column.' }],
    ]);
  });

  it('comes after its metadata, in one form', async () => {
    const form = new FormData();
    form.append('file', new Blob(['a\n1\n']), 'a.csv');
    form.append('metadata', JSON.stringify({ name: 'late' }));
    const request = new Request('http://registry', { method: 'POST', body: form });
    const { status, body } = await registry.call({
      method: 'POST',
      path: '/api/v1/datasets',
      body: Buffer.from(await request.arrayBuffer()),
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    });
    expect([status, body.errors]).toEqual([
      400,
      [{ path: 'metadata', message: 'the part metadata comes before the part file' }],
    ]);
  });
});

describe('a definition', () => {
  it('is corrected by a person, once per revision, and the content stays', async () => {
    const path = '/api/v1/datasets/bank/versions/1';
    const { body: present } = await registry.call({ path });
    const age = { name: 'age', type: 'number', range: [18, 100], missing: 'refused', missing_share_max: 0 };
    const definition = { columns: [age], target: present.definition.target, time: 'since' };
    const put = (revision: number, over: object = {}) =>
      registry.call({
        method: 'PUT',
        path: `${path}/definition`,
        body: { revision, definition: { ...definition, ...over }, reason: 'grown-ups only' },
      });
    const { status, body } = await put(1);
    expect([status, body.definition_revision, body.digest]).toEqual([200, 2, present.digest]);
    expect(body.definition.columns[0]).toMatchObject(age);
    expect(body.definition.columns.slice(1)).toEqual(present.definition.columns.slice(1));
    expect(await put(1)).toMatchObject({ status: 412, body: { code: 'revision-conflict' } });
    expect(await put(2, { time: 'nowhere' })).toMatchObject({
      status: 422,
      body: { detail: 'The definition contradicts itself: time: there is no column nowhere.' },
    });
    expect((await registry.call({ path })).body.definition_revision).toBe(2);
  });

  it('that is not there is 404', async () => {
    expect(await registry.call({ path: '/api/v1/datasets/bank/versions/9' })).toMatchObject({
      status: 404,
      body: { code: 'dataset-version-not-found' },
    });
    expect(await registry.call({ path: '/api/v1/datasets/none/versions/1' })).toMatchObject({
      status: 404,
      body: { code: 'dataset-not-found' },
    });
  });
});

describe('two versions', () => {
  it('are told apart by rows, columns, types and what the columns hold', async () => {
    const first = 'a,b,c\n1,x,1\n2,y,2\n3,x,3\n4,y,4\n';
    const second = 'a,b,d\n11,x,one two\n12,z,three\n,x,four\nmany,x,five\n13,z,six\n';
    await upload({ name: 'changing', target: 'b' }, first);
    await upload({ name: 'changing', target: 'b' }, second);
    const { status, body } = await registry.call({ path: '/api/v1/datasets/changing/diff?from=1&to=2' });
    expect([status, body.rows, body.columns_added, body.columns_removed, body.columns_retyped]).toEqual([
      200,
      { from: 4, to: 5 },
      ['d'],
      ['c'],
      [{ name: 'a', from: 'number', to: 'category' }],
    ]);
    const [a, b] = body.columns;
    expect([a.missing_share, a.mean, a.is_changed]).toEqual([{ from: 0, to: 0.2 }, { from: 2.5, to: 12 }, true]);
    expect([b.values_added, b.values_removed]).toEqual([['z'], ['y']]);
    const { body: same } = await registry.call({ path: '/api/v1/datasets/changing/diff?from=1&to=1' });
    expect([same.content_is_same, same.columns.some((one: { is_changed: boolean }) => one.is_changed)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('expectations', () => {
  it('stay with the dataset, once per revision', async () => {
    const path = '/api/v1/datasets/bank/expectations';
    expect((await registry.call({ path })).body).toEqual({
      revision: 0,
      rows_min: 1,
      duplicate_share_max: 1,
      columns: [],
    });
    const suite = { revision: 0, rows_min: 3, duplicate_share_max: 0.1, columns: [{ name: 'age', range: [18, null] }] };
    const { status, body } = await registry.call({ method: 'PUT', path, body: suite });
    expect([status, body.revision, body.columns]).toEqual([
      200,
      1,
      [{ name: 'age', range: [18, null], missing_share_max: 1 }],
    ]);
    expect((await registry.call({ method: 'PUT', path, body: suite })).status).toBe(412);
    expect((await registry.call({ path: '/api/v1/datasets/bank/versions/2' })).body.expectations).toEqual(body);
    expect((await registry.call({ path: '/api/v1/datasets/none/expectations' })).status).toBe(404);
  });
});

describe('a Parquet file', () => {
  it('is read by its own types, and refused when it was cut', async () => {
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'amount', data: [1.5, null, 3, 4.5], type: 'DOUBLE' },
          { name: 'code', data: ['007', '1', '1', '1'], type: 'STRING' },
        ],
      }),
    );
    const { status, body } = await upload({ name: 'columns', target: 'amount' }, file, 'a.parquet');
    expect([status, body.rows, body.task, body.form.format]).toEqual([201, 4, 'regression', 'parquet']);
    expect(body.definition.columns[1]).toMatchObject({ type: 'category', categories: ['007', '1'] });
    expect(body.profile.columns[0]).toMatchObject({ missing: 1, number: { mean: 3 } });
    expect((await upload({ name: 'columns', target: 'amount' }, file)).status).toBe(200);
    expect(await upload({ name: 'columns' }, file.subarray(0, file.length - 9), 'a.parquet')).toMatchObject({
      status: 422,
      body: { detail: 'a.parquet: the Parquet file has no end: it was cut.' },
    });
  });
});

describe('a file that is named by its path', () => {
  const add = (path: string) =>
    registry.call({ method: 'POST', path: '/api/v1/datasets', body: { name: 'named', target: 'b', path } });

  it('is taken out of an allowed folder, and out of no other, whatever links say', async () => {
    const allowed = join(place, 'allowed');
    await writeFile(join(allowed, 'rows.csv'), 'a,b\n1,x\n2,y\n');
    await writeFile(join(place, 'secret.csv'), 'a,b\n1,x\n2,y\n');
    await symlink(join(place, 'secret.csv'), join(allowed, 'link.csv'));
    expect(await add(join(allowed, 'rows.csv'))).toMatchObject({
      status: 201,
      body: { file_name: 'rows.csv', rows: 2 },
    });
    for (const path of [
      join(place, 'secret.csv'),
      join(allowed, '../secret.csv'),
      join(allowed, 'link.csv'),
      join(allowed, 'none.csv'),
      allowed,
      'rows.csv',
      '/etc/passwd',
    ]) {
      const { status, body } = await add(path);
      expect([path, status, body.errors]).toEqual([
        path,
        400,
        [{ path: 'path', message: 'is no readable file in a folder that the registry allows (DATASET_FOLDERS)' }],
      ]);
    }
  });

  it('may not be larger than allowed, as an upload may not', async () => {
    const large = `a,b\n${'1,x\n'.repeat(60_000)}`;
    await writeFile(join(place, 'allowed/large.csv'), large);
    expect(await add(join(place, 'allowed/large.csv'))).toMatchObject({
      status: 413,
      body: { code: 'payload-too-large' },
    });
    expect(await upload({ name: 'large' }, large)).toMatchObject({ status: 413, body: { code: 'payload-too-large' } });
  });
});
