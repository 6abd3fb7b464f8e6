import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { type CsvForm, readCsv } from './read-csv.js';

const form: CsvForm = { file: 'ward.csv', columns: ['age', 'thal'], header: 'present', missingToken: '?' };
const read = (text: string, over: Partial<CsvForm> = {}) => readCsv(Readable.from([text]), { ...form, ...over });

describe('readCsv', () => {
  it('reads columns in any order, with ? and nothing as missing', async () => {
    const table = await read('thal,age\n3,63\n?,1e1\n,-.5\n');
    expect(table.rowCount).toBe(3);
    expect([...(table.columns.get('age') ?? [])]).toEqual([63, 10, -0.5]);
    expect([...(table.columns.get('thal') ?? [])]).toEqual([3, Number.NaN, Number.NaN]);
  });

  it('takes the order of the definition when the file has no header', async () => {
    expect([...((await read('63,3\n', { header: 'absent' })).columns.get('thal') ?? [])]).toEqual([3]);
  });

  it.each([
    ['a missing column', 'age\n63\n', 'ward.csv, line 1, column thal: missing from the header.'],
    ['a repeated column', 'age,thal,age\n1,3,1\n', 'ward.csv, line 1, column age: the header names this column twice.'],
    ['an unknown column', 'age,thal,name\n1,3,x\n', 'ward.csv, line 1, column name: not in the definition.'],
    ['a ragged row', 'age,thal\n1,3\n2\n', 'ward.csv, line 3: 1 cells where 2 columns are expected.'],
    ['text where a number belongs', 'age,thal\n1,3\n2,x\n', 'ward.csv, line 3, column thal: "x" is not a number.'],
    ['infinity', 'age,thal\nInfinity,3\n', 'ward.csv, line 2, column age: "Infinity" is not a number.'],
    ['an empty file', '', 'ward.csv: the file has no rows.'],
    ['a header alone', 'age,thal\n', 'ward.csv: the file has no rows.'],
  ])('refuses %s and says where', async (_, text, detail) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'dataset-invalid', detail });
  });

  it('says the line of a quote that never closes', async () => {
    await expect(read('age,thal\n1,"3\n')).rejects.toMatchObject({
      code: 'dataset-invalid',
      detail: expect.stringMatching(/^ward\.csv, line \d+: /),
    });
  });

  it('passes on the failure of the stream itself', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('disk gone'));
      },
    });
    await expect(readCsv(broken, form)).rejects.toThrow('disk gone');
  });
});
