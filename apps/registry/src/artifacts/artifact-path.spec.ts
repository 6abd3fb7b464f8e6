import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPlace, readPlaceOfUrl } from '../mlflow/artifacts/read-place.js';
import { checkArtifactPath } from './artifact-path.js';

const RUN = '0123456789abcdef0123456789abcdef';
const ROOT = `7/${RUN}/artifacts`;
const refused = expect.objectContaining({ code: 'validation-failed', detail: 'Invalid path' });
const outcome = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('the path of an artifact', () => {
  it.each(['a', 'model/MLmodel', 'two ü.txt', '100%.csv', 'a..b/..c', '.hidden', '日本語/データ.csv', 'x'.repeat(255)])(
    'may be %s',
    (path) => {
      expect(checkArtifactPath(path)).toBe(path);
    },
  );

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../../x',
    'a/./b',
    '/etc/passwd',
    'a//b',
    'a/',
    'C:/x',
    'c:x',
    '\\x',
    'a\\..\\b',
    'a\0b',
    'a\nb',
    'a#b',
    '%2e%2e%2f',
    '%2e%2e/x',
    '%252e%252e%252fx',
    'a%5cb',
    'a%00b',
    'a%25252500b',
    'file:///etc/passwd',
    'evil\u202etxt.exe',
    'a\u2066b',
    '\ud800',
    'x'.repeat(256),
    'x/'.repeat(5_000),
    '%25'.repeat(5_000),
  ])('may not be %j', (path) => {
    expect(outcome(() => checkArtifactPath(path))).toEqual(refused);
  });

  // Guards those who join the path to a folder of theirs, however often they decode it first.
  it('leads nowhere but below, whatever it is and however often it is decoded', () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%',
      '2e',
      '2f',
      '5c',
      '00',
      '25',
      'a',
      'é',
      '\0',
      '\u202e',
      ':',
    );
    const paths = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(paths, (path) => {
        const result = outcome(() => checkArtifactPath(path));
        if (typeof result !== 'string') return expect(result).toEqual(refused);
        for (let text = path, depth = 0; depth < 8; depth++) {
          const names = text.split('/');
          expect(names.some((name) => name === '' || name === '.' || name === '..')).toBe(false);
          expect(text).not.toMatch(/[\\\0]/);
          text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a path below the artifact root of MLflow', () => {
  it('names a file of a run or of a logged model', () => {
    const run = { kind: 'run', id: '01234567-89ab-cdef-0123-456789abcdef' };
    expect(readPlace(`${ROOT}/model/x.bin`)).toEqual({ owner: run, path: 'model/x.bin', experiment: 7n });
    expect(readPlace(ROOT)).toEqual({ owner: run, path: '', experiment: 7n });
    const model = { kind: 'logged-model', id: `m-${RUN}` };
    expect(readPlace(`0/models/m-${RUN}/artifacts/x`)).toEqual({ owner: model, path: 'x', experiment: 0n });
  });

  it.each([
    '7',
    `7/${RUN}`,
    `7/${RUN}/artifactsx`,
    `7/${RUN.toUpperCase()}/artifacts/x`,
    `7/models/${RUN}/artifacts/x`,
    `x/${RUN}/artifacts`,
    `7/${RUN}/artifacts/../../x`,
  ])('names nothing else, as %s', (path) => {
    expect(outcome(() => readPlace(path))).toEqual(refused);
  });

  it('is read from a URL by decoding once, with a slash at its end as clients write folders', () => {
    const read = (text: string) => outcome(() => readPlaceOfUrl(`/p/${text}`, '/p/'));
    expect(read(`${ROOT}/100%25%20%C3%BC?x=/../`)).toMatchObject({ path: '100% ü' });
    expect(read(`${ROOT}/a/`)).toMatchObject({ path: 'a' });
    for (const tail of ['%zz', '%ff', '..%2f', '%2e%2e%2fx', '%252e%252e%252fx', 'a%00', '//a', 'a//', '%e2%80%ae'])
      expect(read(`${ROOT}/${tail}`)).toEqual(refused);
  });
});
