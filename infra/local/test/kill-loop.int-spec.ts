import { setTimeout as sleep } from 'node:timers/promises';
import { type GimbalClient, GimbalError } from '@gimbal/client';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(600_000);

const KILLS = 6;
const CLIENTS = 24;
const ROWS = [1, 1, 1, 5];
/** Files, jobs and pauses so small that a kill always falls among jobs that are shipped and files that are ended and deleted. */
const SMALL_STEPS = { SPOOL_SEGMENT_BYTES: '65536', SPOOL_JOB_ROWS: '40', SPOOL_SHIP_DELAY: '5' };

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open(SMALL_STEPS);
  await ward.trainFirstVersion();
});
afterAll(() => ward?.close());

interface Answer {
  readonly results: ReadonlyArray<{ readonly prediction_id: string }>;
}

/** Clients that ask without a pause. No number is ever sent twice, so that each row of the log tells which try of which client it was. */
class Load {
  /** The number that each acknowledged row was asked for, by its id. */
  readonly acknowledged = new Map<string, number>();
  /** Status of each refusal. */
  readonly refusals: number[] = [];
  private numbers = 0;
  private stopped = false;
  private readonly asking: Promise<unknown>;

  constructor(private readonly client: GimbalClient) {
    this.asking = Promise.all(Array.from({ length: CLIENTS }, (_, index) => this.ask(ROWS[index % ROWS.length] ?? 1)));
  }

  /** Resolves when so many more rows were acknowledged, while asking goes on. */
  more(rows: number): Promise<void> {
    const wanted = this.acknowledged.size + rows;
    return eventually(() => expect(this.acknowledged.size).toBeGreaterThanOrEqual(wanted), { intervalMs: 1 });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.asking;
  }

  private async ask(rows: number): Promise<void> {
    while (!this.stopped) {
      const numbers = Array.from({ length: rows }, () => ++this.numbers);
      const body = { rows: numbers.map((chol) => ({ ...EXAMPLE_PATIENT, chol })) };
      try {
        const { results } = (await this.client.predict(`/api/v1/models/${MODEL}/predict`, body)) as Answer; // the route's own answer
        for (const [row, { prediction_id: id }] of results.entries()) this.acknowledged.set(id, numbers[row] ?? 0);
      } catch (error) {
        if (!(error instanceof GimbalError)) throw error;
        this.refusals.push(error.status);
        await sleep(10);
      }
    }
  }
}

it('serving, killed again and again under load while it ships: what was acknowledged is a row, once, and no try is there twice', async () => {
  const from = new Date().toISOString();
  const load = new Load(await ward.client('predictor'));
  for (let kill = 0; kill < KILLS; kill++) {
    await load.more(500 + 211 * kill);
    await ward.kill('serving');
  }
  await load.more(100);
  await load.stop();
  expect(new Set(load.refusals)).toEqual(new Set([503]));

  const viewer = await ward.client('viewer');
  await eventually(
    async () => {
      const logged = new Map<string, number>();
      const numbers = new Set<number>();
      let rows = 0;
      for await (const { id, features } of viewer.each('listPredictions', {
        query: { model: MODEL, from, limit: '1000' },
      })) {
        logged.set(id, Number(features['chol']));
        numbers.add(Number(features['chol']));
        rows += 1;
      }
      const lost = [...load.acknowledged].filter(([id, number]) => logged.get(id) !== number);
      expect({ lost, ids: logged.size, numbers: numbers.size }).toEqual({ lost: [], ids: rows, numbers: rows });
    },
    { intervalMs: 2_000 },
  );
  const { items: alerts } = await viewer.call('listAlerts', { query: { limit: '1000' } });
  expect(alerts.filter(({ alertType }) => alertType === 'dead-letters')).toEqual([]);
});
