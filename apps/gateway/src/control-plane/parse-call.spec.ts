import { ROUTES } from '@gimbal/contracts';
import { InvalidInputError } from '@gimbal/platform';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildPath, callParser, parseJson } from './parse-call.js';

const parse = callParser(ROUTES.listAudit);

describe('the form of a request', () => {
  it('is translated to names of code, with defaults', () => {
    expect(parse({ params: {}, query: { actor: 'ada' }, body: null })).toEqual({
      params: {},
      query: { limit: 50, actor: 'ada' },
      body: {},
      json: null,
    });
  });

  it('has nothing that the route does not know: no parameter twice, no body where none belongs', () => {
    const faults = (raw: { query: unknown; body: Buffer | null }) => {
      try {
        parse({ params: {}, ...raw });
        return [];
      } catch (error) {
        return error instanceof InvalidInputError ? error.errors.map(({ path }) => path) : [error];
      }
    };
    expect(faults({ query: { limit: ['1', '2'] }, body: null })).toEqual(['limit']);
    expect(faults({ query: { colour: 'red' }, body: Buffer.from('{"a":1}') })).toEqual(['colour', 'a']);
    expect(faults({ query: {}, body: Buffer.from('[]') })).toEqual(['']);
  });

  it('is JSON in UTF-8, or malformed-json, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          parseJson(Buffer.from(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed-json', detail: 'The body cannot be read as JSON.' });
        }
      }),
    );
    expect(parseJson(Buffer.from('{"ä":1}'))).toEqual({ ä: 1 });
  });
});

it('hands a path on that its owner reads as the same route and the same parameters', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (model, alias) => {
      fc.pre(model.isWellFormed() && alias.isWellFormed());
      const path = buildPath('/api/v1/models/:model/aliases/:alias', { model, alias }, '/whatever?at=now');
      const { pathname, search } = new URL(path, 'http://owner');
      const [, , , , first = '', , second = ''] = pathname.split('/');
      fc.pre(![model, alias].some((part) => part === '.' || part === '..'));
      expect([decodeURIComponent(first), decodeURIComponent(second), search]).toEqual([model, alias, '?at=now']);
    }),
  );
});
