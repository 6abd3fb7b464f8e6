import type { PrismaClient } from '@gimbal/db';

/** A run as the table was filled with it; what is null is not logged. */
export interface FilledRun {
  readonly id: string;
  readonly startedAt: number;
  readonly loss: number | null;
  readonly depth: number | null;
  readonly team: string | null;
}

const START = Date.UTC(2026, 0);

/**
 * Fills an experiment with runs that start one after the other, three at a time; `loss` repeats, is NaN here and is missing there, `depth` is
 * scattered in [0, 1), one run in ten is of team `red`, the others of `blue`, and some of none.
 */
export async function fillRuns(
  rows: PrismaClient,
  { experiment, runs }: { readonly experiment: string; readonly runs: number },
): Promise<readonly FilledRun[]> {
  const filled = Array.from(
    { length: runs },
    (_, index): FilledRun => ({
      id: `${String(Number(experiment)).padStart(8, '0')}-0000-4000-8000-${scatter(index).toString(16).padStart(12, '0')}`,
      startedAt: START + 1000 * Math.floor(index / 3),
      loss: index % 11 === 0 ? null : index % 13 === 0 ? Number.NaN : (scatter(index) % 20) / 10,
      depth: (scatter(index + 1) % 10_007) / 10_007,
      team: index % 17 === 0 ? null : index % 10 === 0 ? 'red' : 'blue',
    }),
  );
  const list = (columnOf: (run: FilledRun) => string | number | null): string[] =>
    filled.map((run) => String(columnOf(run)));
  await rows.$executeRawUnsafe(
    `WITH e AS (INSERT INTO experiments (name, number, created_by) VALUES ($1, $2::bigint, 'test') RETURNING id),
     filled AS (SELECT e.id AS experiment_id, f.* FROM e, unnest($3::uuid[], $4::float8[], $5::text[], $6::text[], $7::text[])
       AS f(id, at, loss, depth, team)),
     made AS (INSERT INTO runs (id, experiment_id, name, state, created_by, started_at, updated_at)
       SELECT id, experiment_id, 'run', 'finished', 'test', to_timestamp(at / 1000), now() FROM filled),
     tags AS (INSERT INTO run_tags (run_id, key, value) SELECT id, 'team', team FROM filled WHERE team <> 'null')
     INSERT INTO run_latest_metrics (run_id, key, experiment_id, run_started_at, value, step, "timestamp")
     SELECT f.id, m.key, f.experiment_id, to_timestamp(f.at / 1000), m.value::float8, 0, now()
     FROM filled f, LATERAL (VALUES ('loss', f.loss), ('depth', f.depth)) AS m(key, value) WHERE m.value <> 'null'`,
    `experiment ${experiment}`,
    Number(experiment),
    list(({ id }) => id),
    list(({ startedAt }) => startedAt),
    list(({ loss }) => loss),
    list(({ depth }) => depth),
    list(({ team }) => team),
  );
  return filled;
}

/** The same number for the same index, far from that of the next. */
const scatter = (index: number): number => Math.imul(index + 1, 2_654_435_761) >>> 0;
