import { createHash, randomUUID } from 'node:crypto';
import { JobQueue } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuditRepository } from '../src/audit/audit.repository.js';
import { type GatewayFixture, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
let repository: AuditRepository;
beforeAll(async () => {
  gateway = await startGateway();
  repository = gateway.service.app.get(AuditRepository, { strict: false });
});
afterAll(() => gateway.dispose());

const event = (eventId: string, payload: Record<string, unknown> = {}) => ({
  eventId,
  at: '2026-03-01T12:00:00Z',
  service: 'registry',
  actor: 'ada',
  action: 'model.promoted',
  subject: 'model/heart-disease/versions/2',
  payload,
});
const verify = async () => (await gateway.ask('viewer', 'GET', '/api/v1/audit/verify')).json;
const entries = async (query = '') => (await gateway.ask('viewer', 'GET', `/api/v1/audit${query}`)).json;
const wholeChain = async () => [...(await entries('?limit=1000')).items].reverse();
const verifyCopy = async (copy: unknown) =>
  (await gateway.ask('viewer', 'POST', '/api/v1/audit/verify', { body: { entries: copy } })).json;

describe('the audit chain', () => {
  it('takes what services report as jobs, once for each event however often it is delivered', async () => {
    const queue = gateway.service.app.get(JobQueue);
    const first = randomUUID();
    for (const jobId of ['delivery-a', 'delivery-b'])
      await queue.publish('audit.recorded', { v: 1, ...event(first, { from: 1, to: 2 }) }, { jobId });
    await queue.publish('audit.recorded', { v: 1, ...event('promotion:another') }, { jobId: 'delivery-c' });
    await eventually(async () => expect((await entries()).items.length).toBe(2));
    const [newest, oldest] = (await entries()).items;
    expect([oldest.event_id, newest.event_id].sort()).toEqual([first, 'promotion:another'].sort());
    expect([oldest.seq, newest.seq, newest.prev_hash]).toEqual([1, 2, oldest.hash]);
    expect(await verify()).toMatchObject({ valid: true, entries: 2, first_broken_seq: null, head_hash: newest.hash });
  });

  it('can be checked with SHA-256 and sorted JSON alone', async () => {
    const [link] = (await entries('?limit=1')).items;
    const { hash, prev_hash, ...content } = link;
    const text = JSON.stringify(content, ['action', 'actor', 'at', 'event_id', 'payload', 'seq', 'service', 'subject']);
    expect(createHash('sha256').update(`${prev_hash}\n${text}`).digest('hex')).toBe(hash);
  });

  it('has no gap and no fork under many writers at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => repository.record([event(`parallel-${index % 25}`)])));
    const chain = await wholeChain();
    expect(chain.length).toBe(27);
    expect(chain.map(({ seq }) => seq)).toEqual(chain.map((_, index) => index + 1));
    expect((await verify()).valid).toBe(true);
  });

  // Guards the writer: what PostgreSQL can't keep as it is must not stop the chain for ever.
  it('keeps what PostgreSQL could not: NUL, half a surrogate pair, huge and tiny numbers, null', async () => {
    await repository.record([
      event('odd-1', { 'a\u0000b': 'c\u0000d\ud800', big: 1e300, tiny: 5e-324, minus: -0, none: null }),
      { ...event('odd-2'), payload: null, actor: 'x\u0000y' },
    ]);
    expect(await verify()).toMatchObject({ valid: true, entries: 29 });
    expect((await entries('?limit=2')).items[1].payload).toEqual({
      'a\ufffdb': 'c\ufffdd\ufffd',
      big: 1e300,
      tiny: 5e-324,
      minus: 0,
      none: null,
    });
  });

  it('takes what arrives together in its order, each event once, and all but those that have no canonical form', async () => {
    const together = ['third', 'first', 'third', 'second'].map((id) => event(`together-${id}`));
    await repository.record([event('odd-1'), ...together]);
    const newest = (await entries('?limit=3')).items.map(({ event_id }: { event_id: string }) => event_id);
    expect(newest).toEqual(['together-second', 'together-first', 'together-third']);
    const formless = event('together-formless', { most: Number.POSITIVE_INFINITY });
    await expect(repository.record([formless, event('together-last')])).rejects.toThrow('together-formless');
    expect((await entries('?limit=1')).items[0].event_id).toBe('together-last');
    expect(await verify()).toMatchObject({ valid: true, entries: 33 });
  });

  it('is read newest first, page by page, by action, subject and actor', async () => {
    const first = await entries('?limit=10');
    const second = await entries(`?limit=10&cursor=${first.next_cursor}`);
    expect(second.items[0].seq).toBe(first.items[9].seq - 1);
    expect((await entries('?limit=1000')).next_cursor).toBeNull();
    expect((await entries('?actor=ada&limit=1000')).items.length).toBe(32);
    expect((await entries('?action=nothing.like-it')).items).toEqual([]);
    expect((await gateway.ask('viewer', 'GET', '/api/v1/audit?cursor=xyz')).json.code).toBe('invalid-cursor');
  });
});

describe('a copy of the chain', () => {
  it('verifies whole, and in part', async () => {
    const chain = await wholeChain();
    expect(await verifyCopy(chain)).toMatchObject({ valid: true, entries: chain.length });
    expect(await verifyCopy(chain.slice(5, 9))).toMatchObject({ valid: true, entries: 4, first_broken_seq: null });
  });

  it('with one altered byte is found, and the place named', async () => {
    const chain = await wholeChain();
    const fields = ['event_id', 'at', 'service', 'actor', 'action', 'subject', 'prev_hash', 'hash'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(chain.length - 1),
        fc.constantFrom(...fields),
        fc.nat(),
        async (index, field, position) => {
          const text: string = chain[index][field];
          const at = position % text.length;
          const other = text[at] === '1' ? '2' : '1';
          const altered = { ...chain[index], [field]: text.slice(0, at) + other + text.slice(at + 1) };
          const verdict = await verifyCopy(chain.with(index, altered));
          // A time that is none is refused before it is looked at.
          if (verdict.code === 'validation-failed') expect(field).toBe('at');
          else expect(verdict).toMatchObject({ valid: false, first_broken_seq: index + 1 });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('with a deleted, moved or invented entry is found', async () => {
    const chain = await wholeChain();
    expect(await verifyCopy(chain.toSpliced(3, 1))).toMatchObject({ valid: false, first_broken_seq: 4 });
    expect(await verifyCopy([...chain.slice(1, 3), ...chain.slice(0, 1)])).toMatchObject({ valid: false });
    const beyond = { ...chain.at(-1), seq: chain.length + 1, prev_hash: chain.at(-1).hash };
    expect(await verifyCopy([...chain, beyond])).toMatchObject({ valid: false, first_broken_seq: chain.length + 1 });
    expect(await verifyCopy([{ ...chain[0], seq: 9_000_000_000_000_000 }])).toMatchObject({ valid: false });
  });

  it('with a payload nested without end is refused, not choked on', async () => {
    const [link] = await wholeChain();
    const body = JSON.stringify({ entries: [{ ...link, payload: '@' }] }).replace(
      '"@"',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    );
    const answer = await gateway.ask('viewer', 'POST', '/api/v1/audit/verify', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 200, json: { valid: false, first_broken_seq: 1 } });
  });
});

describe('the chain itself, altered behind the back of the gateway', () => {
  it('is found by verification, and by an older copy', async () => {
    const copy = await wholeChain();
    const owner = gateway.database.client();
    await owner.$executeRaw`UPDATE audit_log SET actor = 'eve' WHERE seq = 7`;
    expect(await verify()).toMatchObject({ valid: false, first_broken_seq: 7, entries: 6 });
    await owner.$executeRaw`UPDATE audit_log SET actor = 'ada' WHERE seq = 7`;
    expect((await verify()).valid).toBe(true);
    await owner.$executeRaw`DELETE FROM audit_log WHERE seq = ${copy.length}`;
    expect(await verify()).toMatchObject({ valid: false, first_broken_seq: copy.length });
    expect(await verifyCopy(copy)).toMatchObject({ valid: false, first_broken_seq: copy.length });
  });
});
