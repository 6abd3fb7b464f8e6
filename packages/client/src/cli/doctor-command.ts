import { ROLES, type Role } from '@gimbal/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { GimbalClient } from '../gimbal-client.js';
import { GimbalError } from '../gimbal-error.js';
import type { Act } from './command-io.js';
import { describeFailure } from './exit-code.js';

/** Clocks that differ by more make ends of keys and times in logs misleading. */
const CLOCK_DIFFERENCE_MS_MAX = 5_000;
const HEALTH_TIMEOUT_MS = 10_000;

/** One finding; `isWell` is null where nothing can be said against or for it. */
interface Check {
  readonly check: string;
  readonly isWell: boolean | null;
  readonly detail: string;
}

const Health = z.object({
  status: z.string(),
  version: z.string(),
  services: z.record(z.string(), z.object({ status: z.string(), latency_ms: z.number().nullable() })),
  storage: z.record(z.string(), z.string()),
});

/** Adds `gimbal doctor`. @param version of this program */
export function addDoctorCommand(program: Command, act: Act, version: string): void {
  program
    .command('doctor')
    .description(
      'check connection, key, roles, versions, clock, services, models and the MLflow server; fails when something is wrong',
    )
    .action(
      act('viewer', (client) => examine(client, version), {
        columns: ['check', 'isWell', 'detail'],
        failsOn: (found) => (found as readonly Check[]).some(({ isWell }) => isWell === false), // what examine gives
      }),
    );
}

async function examine(client: GimbalClient, version: string): Promise<readonly Check[]> {
  const began = Date.now();
  const reply = await fetch(new URL('/health', client.url), { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).catch(
    (error: unknown) => describeFailure(error),
  );
  if (typeof reply === 'string') return [{ check: 'connection', isWell: false, detail: `${client.url}: ${reply}` }];
  const tookMs = Date.now() - began;
  const health = Health.safeParse(await reply.json().catch(() => undefined));
  const connection = { check: 'connection', isWell: health.success, detail: `${client.url}, ${tookMs} ms` };
  if (!health.success) return [{ ...connection, detail: `${client.url} answers, but not as Gimbal does` }];
  return [
    connection,
    checkVersion(version, health.data.version),
    checkClock(reply.headers.get('date'), tookMs),
    ...Object.entries(health.data.services).map(([name, { status, latency_ms }]) => ({
      ...{ check: `service ${name}`, isWell: status === 'healthy' },
      detail: latency_ms === null ? status : `${status}, ${Math.round(latency_ms)} ms`,
    })),
    ...Object.entries(health.data.storage).map(([name, status]) => ({
      ...{ check: `storage ${name}`, isWell: !/unhealthy|down|unreachable/.test(status), detail: status },
    })),
    ...(await checkKey(client)),
    ...(await checkModels(client)),
    ...(await checkMlflow(client)),
  ];
}

const checkVersion = (own: string, theirs: string): Check => ({
  ...{ check: 'version', isWell: own === theirs },
  detail: own === theirs ? own : `this program is ${own}, the gateway ${theirs}`,
});

function checkClock(date: string | null, tookMs: number): Check {
  if (date === null) return { check: 'clock', isWell: null, detail: 'the gateway does not tell its time' };
  const differenceMs = Math.abs(Date.now() - Date.parse(date)) - tookMs;
  const seconds = Math.max(Math.round(differenceMs / 1_000), 0); // the header counts whole seconds
  return { check: 'clock', isWell: differenceMs <= CLOCK_DIFFERENCE_MS_MAX, detail: `${seconds} s apart` };
}

/** A harmless question for each role that has one. */
const QUESTIONS: Partial<Record<Role, (client: GimbalClient) => Promise<unknown>>> = {
  viewer: (client) => client.call('listModels', { query: { limit: 1 } }),
  admin: (client) => client.call('listApiKeys', { query: { limit: 1 } }),
};

async function checkKey(client: GimbalClient): Promise<readonly Check[]> {
  const held: Role[] = [];
  for (const role of ROLES) {
    const failure = await QUESTIONS[role]?.(client).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure instanceof GimbalError && failure.status === 401)
      return [{ check: 'key', isWell: false, detail: 'the gateway does not know the API key: gimbal login' }];
    if (role in QUESTIONS && failure === undefined) held.push(role);
  }
  const detail = held.length === 0 ? 'it may neither read nor administer' : `it has the rights of: ${held.join(', ')}`;
  return [
    { check: 'key', isWell: true, detail: 'known' },
    { check: 'roles', isWell: null, detail },
  ];
}

async function checkModels(client: GimbalClient): Promise<readonly Check[]> {
  return await say('models', async () => {
    const { models } = await client.call('servingHealth', {});
    const unwell = Object.entries(models).filter(([, { status }]) => status !== 'healthy' && status !== 'idle');
    const detail = unwell.map(([name, { status }]) => `${name} is ${status}`).join(', ');
    return { isWell: unwell.length === 0, detail: detail || `${Object.keys(models).length} served` };
  });
}

async function checkMlflow(client: GimbalClient): Promise<readonly Check[]> {
  return await say('MLflow server', async () => {
    const { status, version, backlog, lastError } = await client.call('getMlflowHealth', {});
    if (status === 'off') return { isWell: null, detail: 'none is told' };
    const waiting = backlog ? `, ${backlog.entities} wait` : '';
    const error = lastError && status !== 'healthy' ? `: ${lastError.message}` : '';
    return { isWell: status === 'healthy', detail: `${status}, version ${version ?? 'unknown'}${waiting}${error}` };
  });
}

/** What can't be asked is told, not thrown: the other checks go on. */
async function say(check: string, ask: () => Promise<Omit<Check, 'check'>>): Promise<readonly Check[]> {
  try {
    return [{ check, ...(await ask()) }];
  } catch (error) {
    const isRefused = error instanceof GimbalError && error.status < 500;
    return [{ check, isWell: isRefused ? null : false, detail: describeFailure(error) }];
  }
}
