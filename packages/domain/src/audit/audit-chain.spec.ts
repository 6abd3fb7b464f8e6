import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditLink,
  type AuditRecord,
  beginCheck,
  CHAIN_START,
  checkLinks,
  EMPTY_CHAIN,
  endCheck,
  linkRecord,
} from './audit-chain.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const anyRecord: fc.Arbitrary<AuditRecord> = fc.record({
  eventId: fc.uuid(),
  at: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  service: fc.constantFrom('registry', 'agent', 'gateway'),
  actor: fc.string({ minLength: 1 }),
  action: fc.constantFrom('model.promoted', 'action.approved'),
  subject: fc.string(),
  payload: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
});

const chainOf = (records: readonly AuditRecord[]): AuditLink[] => {
  const links: AuditLink[] = [];
  for (const record of records) {
    const link = linkRecord(record, links.at(-1) ?? EMPTY_CHAIN, sha256);
    if (link) links.push(link);
  }
  return links;
};
const anyChain = fc.array(anyRecord, { minLength: 1, maxLength: 12 }).map(chainOf);
const check = (links: readonly AuditLink[], known = EMPTY_CHAIN) =>
  endCheck(checkLinks(beginCheck(), links, sha256), known);

it('links by the published formula: SHA-256 over the hash before, a line feed and canonical JSON with wire names', () => {
  const record: AuditRecord = {
    eventId: 'promotion:1',
    at: '2026-03-01T12:00:00.000Z',
    service: 'registry',
    actor: 'ada',
    action: 'model.promoted',
    subject: 'model/heart-disease/versions/2',
    payload: { stage: 'production', from: 1 },
  };
  const text =
    '{"action":"model.promoted","actor":"ada","at":"2026-03-01T12:00:00.000Z","event_id":"promotion:1","payload":{"from":1,"stage":"production"},"seq":1,"service":"registry","subject":"model/heart-disease/versions/2"}';
  expect(linkRecord(record, EMPTY_CHAIN, sha256)).toEqual({
    ...record,
    seq: 1,
    prevHash: CHAIN_START,
    hash: sha256(`${CHAIN_START}\n${text}`),
  });
});

it('holds for every chain that was written link by link, in pages of any size', () => {
  fc.assert(
    fc.property(anyChain, fc.integer({ min: 1, max: 5 }), (links, size) => {
      let state = beginCheck();
      for (let start = 0; start < links.length; start += size)
        state = checkLinks(state, links.slice(start, start + size), sha256);
      expect(state).toEqual({
        entries: links.length,
        head: { seq: links.length, hash: links.at(-1)?.hash },
        firstBrokenSeq: null,
      });
      expect(state).toEqual(check(links));
    }),
  );
});

it('holds for a part of a chain that begins after a trusted head', () => {
  fc.assert(
    fc.property(anyChain, fc.nat(), (links, at) => {
      const cut = at % links.length;
      const state = checkLinks(beginCheck(links[cut - 1] ?? EMPTY_CHAIN), links.slice(cut), sha256);
      expect(state.firstBrokenSeq).toBeNull();
      expect(state.entries).toBe(links.length - cut);
    }),
  );
});

describe('what was done to a chain is found, and the first broken place named', () => {
  /** Every string of the link's JSON text with one byte replaced, that is still JSON and says something else. */
  const mutateOneByte = (link: AuditLink, position: number, byte: number): AuditLink | null => {
    const bytes = Buffer.from(JSON.stringify(link), 'utf8');
    bytes[position % bytes.length] = byte;
    try {
      const mutated = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as AuditLink; // checked below
      const same = JSON.stringify(mutated) === JSON.stringify(link) || Object.keys(mutated).length !== 10;
      return same ? null : mutated;
    } catch {
      return null;
    }
  };

  it('any one byte changed', () => {
    let tried = 0;
    fc.assert(
      fc.property(anyChain, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }), (links, at, position, byte) => {
        const index = at % links.length;
        const original = links[index];
        const mutated = original && mutateOneByte(original, position, byte);
        fc.pre(Boolean(mutated));
        if (!mutated) return;
        tried += 1;
        expect(check(links.with(index, mutated)).firstBrokenSeq).toBe(index + 1);
      }),
      { numRuns: 500, maxSkipsPerRun: 1_000 },
    );
    expect(tried).toBe(500);
  });

  it('any field changed, with its own hash made to fit again', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), (links, at) => {
        fc.pre(links.length > 1);
        const index = at % (links.length - 1);
        const original = links[index];
        if (!original) return;
        const forged = linkRecord(
          { ...original, actor: `${original.actor}x` },
          links[index - 1] ?? EMPTY_CHAIN,
          sha256,
        );
        if (!forged) return;
        expect(check(links.with(index, forged)).firstBrokenSeq).toBe(index + 2);
      }),
    );
  });

  it('any link deleted: inside by the chain itself, at its end by whoever remembers a head', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), (links, at) => {
        const index = at % links.length;
        const head = links.at(-1) ?? EMPTY_CHAIN;
        expect(check(links.toSpliced(index, 1), head).firstBrokenSeq).toBe(index + 1);
        expect(check(links.slice(0, index), head).firstBrokenSeq).toBe(index + 1);
      }),
    );
  });

  it('any two links exchanged, any link repeated, any link put in between', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), fc.nat(), anyRecord, (links, a, b, record) => {
        fc.pre(links.length > 1);
        const [first, second] = [a % links.length, b % links.length].sort((x, y) => x - y) as [number, number];
        const [one, two] = [links[first], links[second]];
        if (!one || !two) return;
        if (first !== second) expect(check(links.with(first, two).with(second, one)).firstBrokenSeq).toBe(first + 1);
        expect(check(links.toSpliced(first, 0, one)).firstBrokenSeq).toBe(first + 2);
        const inserted = linkRecord(record, links[first - 1] ?? EMPTY_CHAIN, sha256);
        if (inserted && inserted.hash !== one.hash)
          expect(check(links.toSpliced(first, 0, inserted)).firstBrokenSeq).toBe(first + 2);
      }),
    );
  });

  it('a payload that is not JSON', () => {
    const [link] = chainOf([{ eventId: 'a', at: '', service: '', actor: '', action: '', subject: '', payload: {} }]);
    if (!link) throw new Error('no link');
    expect(check([{ ...link, payload: undefined }]).firstBrokenSeq).toBe(1);
    expect(linkRecord({ ...link, payload: Number.NaN }, EMPTY_CHAIN, sha256)).toBeNull();
  });
});

it('calls the empty chain sound', () => {
  expect(check([])).toEqual({ entries: 0, head: EMPTY_CHAIN, firstBrokenSeq: null });
});
