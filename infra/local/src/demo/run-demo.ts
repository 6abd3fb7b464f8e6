import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from '../supervisor/home.js';
import type { Settings } from '../supervisor/settings.js';
import { type Installation, startInstallation } from '../supervisor/supervisor.js';
import { verifyAudit } from './chapters/audit-chain.js';
import { rollBackBadVersion } from './chapters/bad-version.js';
import { visitCleveland } from './chapters/cleveland.js';
import { trainFirstVersion } from './chapters/first-version.js';
import { visitHungary } from './chapters/hungary.js';
import { visitSwitzerland } from './chapters/switzerland.js';
import { visitVeterans } from './chapters/veterans.js';
import { Clinic, MODEL } from './clinic.js';
import { readHospitals } from './patients.js';
import type { Stage } from './stage.js';
import { Story } from './story.js';
import { writeReport } from './write-report.js';

const CLAIMS = 7;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface DemoFlags {
  readonly keep: boolean;
  readonly data: string | undefined;
}

function readFlags(args: readonly string[]): DemoFlags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: { type: 'boolean', default: false }, data: { type: 'string' } },
    });
    return { keep: values.keep, data: values.data };
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : error}. The demo takes --keep and --data DIR.`);
  }
}

/**
 * Starts everything on state of its own, tells the story, writes the report, stops. Exit status 0 when every claim held.
 * The demo's database and files are made anew each time; nothing of `npm start` is touched.
 */
export async function runDemo(settings: Settings, args: readonly string[], stop: Promise<void>): Promise<number> {
  const flags = readFlags(args);
  const state = join(settings.home, 'demo');
  await rm(state, { recursive: true, force: true });
  const environment =
    flags.data === undefined ? settings.environment : { ...settings.environment, GIMBAL_DATA_DIR: resolve(flags.data) };
  const story = new Story(say, process.stdout.isTTY === true);
  say('Gimbal: a model of four hospitals is trained, watched, repaired and rolled back.');
  const begun = Date.now();
  const starting = startInstallation(
    { ...settings, environment, state, database: 'gimbal_demo', fresh: true },
    { onLine: () => {}, onNotice: (text) => story.tell(text) },
  );
  const installation = await Promise.race([starting, stop.then(async () => void (await starting).stop())]);
  if (!installation) return 130;
  say(
    `PostgreSQL and six services are ready at ${installation.url} after ${((Date.now() - begun) / 1000).toFixed(1)} s (logs: ${join(settings.home, 'logs')})`,
  );
  let status = 1;
  try {
    const told = tell(
      { clinic: new Clinic(installation.url, installation.credentials, story), story, home: settings.home },
      state,
    );
    const origin = await Promise.race([told, stop]);
    if (origin === undefined) return 130;
    await writeReport(settings.home, {
      data: origin,
      seconds: Math.round(story.seconds * 10) / 10,
      claims: story.claims,
    });
    const held = story.claims.filter(({ holds }) => holds).length;
    say(
      `\n${held} of ${CLAIMS} claims hold after ${story.seconds.toFixed(0)} s. Report: ${join(settings.home, 'demo-report.html')}`,
    );
    status = held === CLAIMS ? 0 : 1;
    if (flags.keep) await keepRunning(installation, stop);
  } catch (error) {
    story.endProgress();
    say(
      `\nThe story broke off: ${error instanceof Error ? error.message : error}\nLogs: ${join(settings.home, 'logs')}`,
    );
    await writeReport(settings.home, { data: 'unknown', seconds: story.seconds, claims: story.claims });
  } finally {
    await installation.stop();
  }
  return status;
}

async function keepRunning(installation: Installation, stop: Promise<void>): Promise<void> {
  say(`Everything stays at ${installation.url}. Ctrl-C stops it.`);
  await stop;
}

/** The seven chapters in order; resolves with where the data came from. */
async function tell(stage: Stage, state: string): Promise<string> {
  const { origin, holdout } = await trainFirstVersion(stage);
  const hospitals = await readHospitals(join(state, 'data', MODEL));
  stage.story.tell(
    {
      uci: 'data: UCI heart disease, downloaded and checked',
      folder: 'data: UCI heart disease from the given folder, checked',
      synthetic: 'data: SYNTHETIC cohort with the same columns (no network, no data folder)',
    }[origin] ?? origin,
  );
  const cleveland = await hospitals.patientsOf('cleveland');
  const hungary = await hospitals.patientsOf('hungarian');
  const unseen = new Set(holdout);
  await visitCleveland(
    stage,
    cleveland.filter((_, row) => unseen.has(row)),
  );
  await visitHungary(stage, hungary);
  await visitVeterans(stage, await hospitals.patientsOf('va-long-beach'));
  await visitSwitzerland(stage, await hospitals.patientsOf('switzerland'));
  const learned = cleveland.filter((_, row) => !unseen.has(row));
  await rollBackBadVersion(stage, learned, [...cleveland.filter((_, row) => unseen.has(row)), ...hungary]);
  await verifyAudit(stage);
  return origin;
}
