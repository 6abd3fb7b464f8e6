import { randomUUID } from 'node:crypto';
import { type JobDefinition, wire } from '@gimbal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { type HandlersFor, type JobContext, JobRejectedError } from './job-catalogue.js';
import { JobQueue, queueName } from './job-queue.js';
import type { QueueBackend } from './queue-backend.js';

const TEST_JOBS = {
  'window.closed': {
    consumer: 'monitoring',
    attempts: 3,
    backoff: { type: 'fixed', delayMs: 50 },
    schema: wire({ v: z.literal(1), windowId: z.string(), rowCount: z.int() }),
  },
  'window.due': {
    consumer: 'monitoring',
    attempts: 1,
    backoff: { type: 'fixed', delayMs: 50 },
    schema: wire({ v: z.literal(1) }),
  },
  'report.asked': {
    consumer: 'agent',
    attempts: 2,
    backoff: { type: 'exponential', delayMs: 20 },
    schema: wire({ v: z.literal(1), reportId: z.string() }),
  },
  'step.noted': {
    consumer: 'training',
    batched: true,
    attempts: 1,
    backoff: { type: 'fixed', delayMs: 20 },
    schema: wire({ v: z.literal(1), stepId: z.string() }),
  },
} as const satisfies Record<string, JobDefinition>;
type TestJobs = typeof TEST_JOBS;
type MonitoringHandlers = HandlersFor<'monitoring', TestJobs>;

const eventually = async (what: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`Not so within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const unexpected = async (): Promise<void> => {
  throw new Error('No such job was published.');
};

const quiet = pino({ level: 'silent' });

/** What every queue backend promises. `open` connects to an empty server as another process would. */
export function describeJobQueue(name: string, open: () => QueueBackend): void {
  describe(`jobs through ${name}`, () => {
    const opened: Array<JobQueue<TestJobs>> = [];
    let queue: JobQueue<TestJobs>;
    const another = (): JobQueue<TestJobs> => {
      const made = new JobQueue({ catalogue: TEST_JOBS, backend: open(), logger: quiet });
      opened.push(made);
      return made;
    };
    const closeAll = async (): Promise<void> => {
      for (const one of opened.splice(0)) await one.close();
    };

    const emptyQueues = async (): Promise<void> => {
      const backend = open();
      for (const service of ['monitoring', 'agent', 'training'])
        await (await backend.queue(queueName(service))).obliterate({ force: true });
      await backend.close();
    };
    beforeAll(emptyQueues);
    beforeEach(async () => {
      await closeAll();
      await emptyQueues();
      queue = another();
    });
    afterAll(closeAll);

    it('hands a job to its handler with the payload in camelCase', async () => {
      const seen: Array<[unknown, JobContext]> = [];
      queue.consume('monitoring', {
        'window.closed': async (payload, context) => void seen.push([payload, context]),
        'window.due': unexpected,
      });
      const jobId = randomUUID();
      await another().publish('window.closed', { v: 1, windowId: 'w1', rowCount: 3 }, { jobId });
      await eventually(() => seen.length === 1);
      expect(seen[0]?.[0]).toEqual({ v: 1, windowId: 'w1', rowCount: 3 });
      expect(seen[0]?.[1]).toMatchObject({ jobId, attempt: 1, attemptsMax: 3 });
    });

    it('travels in snake_case', async () => {
      await queue.publish('window.closed', { v: 1, windowId: 'w1', rowCount: 3 }, { jobId: 'wire-form' });
      const backend = open();
      const job = await (await backend.queue(queueName('monitoring'))).getJob('wire-form');
      await backend.close();
      expect(job?.data).toEqual({ v: 1, window_id: 'w1', row_count: 3 });
    });

    it('takes a job id once, also after the job is done', async () => {
      let calls = 0;
      for (let round = 0; round < 3; round++) await queue.publish('window.due', { v: 1 }, { jobId: 'only-once' });
      queue.consume('monitoring', { 'window.closed': unexpected, 'window.due': async () => void calls++ });
      await eventually(() => calls === 1);
      await queue.publish('window.due', { v: 1 }, { jobId: 'only-once' });
      await queue.publish('window.due', { v: 1 }, { jobId: 'another-one' });
      await eventually(() => calls >= 2);
      expect(calls).toBe(2);
    });

    it('refuses a payload that breaks its contract, before it travels', async () => {
      // @ts-expect-error a number is not a window id
      const payload: { v: 1; windowId: string; rowCount: number } = { v: 1, windowId: 7, rowCount: 3 };
      await expect(queue.publish('window.closed', payload, { jobId: 'bad' })).rejects.toMatchObject({
        issues: [{ path: ['window_id'] }],
      });
      expect((await queue.counts('monitoring')).waiting).toBe(0);
    });

    it('refuses ids that one of the backends could not keep', async () => {
      for (const jobId of ['', '12345', 'a:b', 'x'.repeat(201), 'marker', 'stalled-check'])
        await expect(queue.publish('window.due', { v: 1 }, { jobId })).rejects.toThrow(TypeError);
    });

    it('tries again as often as the catalogue says, then keeps the dead letter until it is retried', async () => {
      let broken = true;
      const attempts: number[] = [];
      queue.consume('monitoring', {
        'window.due': unexpected,
        'window.closed': async (_payload, { attempt }) => {
          attempts.push(attempt);
          if (broken) throw new Error('table is missing');
        },
      });
      await queue.publish('window.closed', { v: 1, windowId: 'w2', rowCount: 0 }, { jobId: 'dead-1' });
      await eventually(async () => (await queue.counts('monitoring')).dead === 1);
      expect(attempts).toEqual([1, 2, 3]);
      expect(await queue.listDeadLetters('monitoring')).toEqual([
        {
          jobId: 'dead-1',
          name: 'window.closed',
          payload: { v: 1, window_id: 'w2', row_count: 0 },
          reason: 'table is missing',
          attempts: 3,
          failedAt: expect.any(Date),
        },
      ]);
      broken = false;
      await queue.retryDeadLetter('monitoring', 'dead-1');
      await eventually(() => attempts.length === 4);
      await eventually(async () => (await queue.counts('monitoring')).dead === 0);
      await expect(queue.retryDeadLetter('monitoring', 'dead-1')).rejects.toMatchObject({ code: 'job-not-found' });
    });

    it('puts a payload it cannot read, and a job it does not know, straight into the dead letters', async () => {
      const backend = open();
      const raw = await backend.queue(queueName('monitoring'));
      await raw.add('window.closed', { v: 1, window_id: 'w', row_count: 'many' }, { jobId: 'poison', attempts: 5 });
      await raw.add('window.opened', {}, { jobId: 'unknown', attempts: 5 });
      await backend.close();
      queue.consume('monitoring', { 'window.closed': unexpected, 'window.due': unexpected });
      await eventually(async () => (await queue.counts('monitoring')).dead === 2);
      const dead = await queue.listDeadLetters('monitoring');
      expect(dead.map(({ jobId, attempts }) => [jobId, attempts]).sort()).toEqual([
        ['poison', 1],
        ['unknown', 1],
      ]);
      expect(dead.find(({ jobId }) => jobId === 'poison')?.reason).toMatch(
        /breaks the contract of window\.closed: row_count/,
      );
    });

    it('does not try a job again that its handler rejects', async () => {
      let calls = 0;
      queue.consume('monitoring', {
        'window.due': unexpected,
        'window.closed': async () => {
          calls += 1;
          throw new JobRejectedError('no such window');
        },
      });
      await queue.publish('window.closed', { v: 1, windowId: 'gone', rowCount: 0 }, { jobId: 'rejected' });
      await eventually(async () => (await queue.counts('monitoring')).dead === 1);
      expect(calls).toBe(1);
      expect((await queue.listDeadLetters('monitoring'))[0]?.reason).toBe('no such window');
    });

    it('publishes jobs in wire form in bulk and returns those that cannot be', async () => {
      const jobs = [
        { name: 'window.closed', payload: { v: 1, window_id: 'a', row_count: 1 }, jobId: 'ob-1' },
        { name: 'report.asked', payload: { v: 1, report_id: 'r' }, jobId: 'ob-2' },
        { name: 'report.asked', payload: { v: 2 }, jobId: 'ob-3' },
        { name: 'no.such', payload: {}, jobId: 'ob-4' },
      ];
      const refused = await queue.publishEncoded(jobs);
      expect(refused.map(({ job }) => job.jobId)).toEqual(['ob-3', 'ob-4']);
      await queue.publishEncoded(jobs);
      expect((await queue.counts('monitoring')).waiting).toBe(1);
      expect((await queue.counts('agent')).waiting).toBe(1);
    });

    it('hands batched jobs over together in their order, also when only some of them are published again', async () => {
      const seen: string[][] = [];
      const note = (stepId: string) => ({
        name: 'step.noted',
        payload: { v: 1, step_id: stepId },
        jobId: `ob-${stepId}`,
      });
      await queue.publishEncoded([note('b'), { ...note('x'), payload: {} }, note('a'), note('c')]);
      await queue.publishEncoded([note('b'), note('c'), note('d')]);
      await queue.publishEncoded([note('b'), note('c'), note('d')]);
      await queue.publish('step.noted', { v: 1, stepId: 'alone' }, { jobId: 'alone' });
      queue.consume('training', {
        'step.noted': async (steps) => void seen.push(steps.map(({ stepId }) => stepId)),
      });
      await eventually(() => seen.length >= 3);
      expect(seen).toEqual([['b', 'a', 'c'], ['b', 'c', 'd'], ['alone']]);
    });

    it('runs a schedule, replaces it under the same id, and ends it', async () => {
      let calls = 0;
      queue.consume('monitoring', { 'window.closed': unexpected, 'window.due': async () => void calls++ });
      await queue.schedule({ id: 'due', name: 'window.due', payload: { v: 1 }, when: { everyMs: 200 } });
      await eventually(() => calls >= 2);
      const next = await queue.schedule({
        id: 'due',
        name: 'window.due',
        payload: { v: 1 },
        when: { cron: '0 2 * * 0' },
      });
      expect([next.getUTCDay(), next.getUTCHours(), next.getUTCMinutes()]).toEqual([0, 2, 0]);
      expect((await queue.listSchedules('monitoring')).map(({ id }) => id)).toEqual(['due']);
      expect(await queue.unschedule('monitoring', 'due')).toBe(true);
      expect(await queue.unschedule('monitoring', 'due')).toBe(false);
      await expect(
        queue.schedule({ id: 'bad', name: 'window.due', payload: { v: 1 }, when: { cron: 'every tuesday' } }),
      ).rejects.toMatchObject({ code: 'invalid-schedule' });
    });

    it('waits for the job under way when it closes, and gives back one that stops early without using up a try', async () => {
      const attempts: number[] = [];
      let started = false;
      const first = another();
      first.consume('monitoring', {
        'window.due': unexpected,
        'window.closed': async (_payload, { signal, attempt }) => {
          attempts.push(attempt);
          started = true;
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      });
      await queue.publish('window.closed', { v: 1, windowId: 'long', rowCount: 0 }, { jobId: 'given-back' });
      await eventually(() => started);
      await first.stopConsuming();
      expect(await queue.counts('monitoring')).toMatchObject({ waiting: 1, dead: 0, active: 0 });
      queue.consume('monitoring', {
        'window.due': unexpected,
        'window.closed': async (_payload, { attempt }) => void attempts.push(attempt),
      });
      await eventually(() => attempts.length === 2);
      expect(attempts).toEqual([1, 1]);
    });

    it('refuses to start without a handler for each job, or with two sets of them', () => {
      const some = { 'window.due': unexpected };
      expect(() => queue.consume('monitoring', some as unknown as MonitoringHandlers)).toThrow(
        'window.closed has no handler',
      );
      const all = { 'window.closed': unexpected, 'window.due': unexpected };
      expect(() => queue.consume('monitoring', { ...all, 'report.asked': unexpected } as MonitoringHandlers)).toThrow(
        'report.asked is not addressed to it',
      );
      queue.consume('monitoring', all);
      expect(() => queue.consume('monitoring', all)).toThrow('two sets of handlers');
    });
  });
}
