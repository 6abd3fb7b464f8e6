import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@gimbal/contracts';
import { type Database, startDatabase } from './database.js';
import { claimHome, type Runtime, releaseHome, StartError } from './home.js';
import { LogFiles } from './log-files.js';
import { freePorts, tryPort } from './ports.js';
import { loadSecrets, type Secrets, writePrivately } from './secrets.js';
import { type Endpoints, planServices, reachableHost } from './service-plan.js';
import type { Settings } from './settings.js';
import { type ProcessPlan, SupervisedProcess } from './supervised-process.js';

/** Where the supervisor reports: the terminal of `npm start`, nothing but the files for the demo. */
export interface SupervisorOutput {
  /** One raw log line of a service. */
  readonly onLine: (service: string, line: string) => void;
  /** One sentence about the system as a whole. */
  readonly onNotice: (text: string) => void;
}

/** A running installation. */
export interface Installation {
  readonly url: string;
  readonly credentials: Secrets['apiKeys'];
  /** Process id of a service, 0 while it is being restarted. */
  pid(service: ServiceName): number;
  /** Stops every child, flushes the logs. Safe to repeat. */
  stop(): Promise<void>;
}

/** SIGTERM to SIGKILL; with PostgreSQL's own stop it stays under the 15 s that the whole may take. */
const STOP_DEADLINE_MS = 9_000;

/**
 * Starts PostgreSQL (unless one is given) and the six services, and keeps them running. Resolves when all are ready.
 * @throws StartError when the folder, the port or another running installation is in the way.
 */
export async function startInstallation(settings: Settings, output: SupervisorOutput): Promise<Installation> {
  const { home } = settings;
  await claimHome(home);
  const port = await choosePort(settings, 'API_PORT');
  if (settings.grpcPort !== undefined) await choosePort({ ...settings, port: settings.grpcPort }, 'GRPC_PORT');
  const mlflowPort = await chooseMlflowPort(settings, output);
  const logs = new LogFiles(join(home, 'logs'));
  const secrets = await loadSecrets(home);
  const running = new Map<string, SupervisedProcess>();
  let database: Database | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll({ home, running, database, logs });
    return stopped;
  };
  const { ports, serving, grpcPort } = await choosePorts(port, settings);
  const pids = new Map<string, number>();
  let plans: readonly ProcessPlan[] = [];
  const describe = () => writeRuntime({ settings, grpcPort, mlflowPort, plans, pids, database });
  try {
    database = await startDatabase(settings, secrets, { onNotice: output.onNotice, onMoved: describe });
    const connected = database;
    plans = planServices({ ...settings, port }, secrets, {
      ports,
      serving,
      grpcPort,
      mlflowPort,
      databaseUrl: connected.urlOf,
    });
    let complete = false;
    for (const plan of plans) {
      running.set(
        plan.name,
        new SupervisedProcess(plan, {
          onLine: (service, line) => {
            logs.write(service, line);
            output.onLine(service, line);
          },
          onReady: (service, pid) => {
            pids.set(service, pid);
            if (complete) void describe();
          },
          onDeath: (service, how, wait) => {
            pids.set(service, 0);
            output.onNotice(`${service} ended (${how}); starting it again in ${wait / 1000} s`);
          },
        }),
      );
    }
    await Promise.all([...running.values()].map((service) => service.start()));
    complete = true;
    await writePrivately(join(home, 'credentials.json'), secrets.apiKeys);
    await describe();
    const url = plans.find(({ name }) => name === 'gateway')?.url ?? '';
    return { url, credentials: secrets.apiKeys, pid: (service) => pids.get(service) ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePort(
  { host, port }: Settings,
  variable: 'API_PORT' | 'GRPC_PORT' | 'MLFLOW_PORT',
): Promise<number> {
  const tried = await tryPort(host, port);
  if ('port' in tried) return tried.port;
  if (tried.reason === 'EADDRINUSE')
    throw new StartError(`port ${port} on ${host} is in use: stop what uses it, or set ${variable} to another.`);
  throw new StartError(`port ${port} on ${host} can't be used (${tried.reason}): set API_HOST and ${variable}.`);
}

/** The port on which MLflow's clients look by themselves. */
const MLFLOW_OWN_PORT = 5000;

/** A port that was asked for must be free; MLflow's own is done without where something else has it, such as a real MLflow server. */
async function chooseMlflowPort(settings: Settings, { onNotice }: Pick<SupervisorOutput, 'onNotice'>): Promise<number> {
  const { host, mlflowPort } = settings;
  if (mlflowPort !== undefined)
    return mlflowPort === 0 ? 0 : await choosePort({ ...settings, port: mlflowPort }, 'MLFLOW_PORT');
  if ('port' in (await tryPort(host, MLFLOW_OWN_PORT))) return MLFLOW_OWN_PORT;
  onNotice(`port ${MLFLOW_OWN_PORT} is in use: MLflow's clients reach this installation at its main port only`);
  return 0;
}

async function choosePorts(
  gateway: number,
  { servingReplicas: replicas, grpcPort }: Settings,
): Promise<Omit<Endpoints, 'databaseUrl' | 'mlflowPort'>> {
  const others = SERVICE_NAMES.filter((name) => name !== 'gateway' && name !== 'serving');
  const free = await freePorts(others.length + 3 * replicas + 1);
  const next = (): number => free.pop() ?? 0;
  const ports = { ...Object.fromEntries(others.map((name) => [name, next()])), gateway } as Endpoints['ports']; // one port per name
  const serving = Array.from({ length: replicas }, () => ({ port: next(), framesPort: next(), predictPort: next() }));
  return { ports, serving, grpcPort: grpcPort ?? next() };
}

interface Described {
  readonly settings: Settings;
  readonly grpcPort: number;
  readonly mlflowPort: number;
  readonly plans: readonly ProcessPlan[];
  readonly pids: ReadonlyMap<string, number>;
  readonly database: Database | undefined;
}

async function writeRuntime({ settings, grpcPort, mlflowPort, plans, pids, database }: Described): Promise<void> {
  const runtime: Runtime = {
    gateway: plans.find(({ name }) => name === 'gateway')?.url ?? '',
    grpc: `${reachableHost(settings.host)}:${grpcPort}`,
    mlflow: mlflowPort === 0 ? null : `http://${reachableHost(settings.host)}:${mlflowPort}`,
    services: Object.fromEntries(
      plans.map(({ name, url, predictUrl }) => [
        name,
        { url, pid: pids.get(name) ?? 0, ...(predictUrl !== undefined && { predict: predictUrl }) },
      ]),
    ),
    postgres: { pid: database?.pid ?? null, port: database?.port ?? 0 },
    queue: settings.queue,
    supervisor: { pid: process.pid },
  };
  await writePrivately(join(settings.home, 'runtime.json'), runtime);
}

interface Stoppable {
  readonly home: string;
  readonly running: ReadonlyMap<string, SupervisedProcess>;
  readonly database: Database | undefined;
  readonly logs: LogFiles;
}

/** The door first, so that nothing new comes in; then all others at once; the database last, when nobody writes any more. */
async function stopAll({ home, running, database, logs }: Stoppable): Promise<void> {
  const deadline = Date.now() + STOP_DEADLINE_MS;
  await running.get('gateway')?.stop(STOP_DEADLINE_MS / 2);
  await Promise.all([...running.values()].map((service) => service.stop(Math.max(500, deadline - Date.now()))));
  await database?.stop();
  await rm(join(home, 'runtime.json'), { force: true });
  await releaseHome(home);
  await logs.close();
}
