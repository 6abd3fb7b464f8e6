import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runDemo } from './demo/run-demo.js';
import { formatLogLine } from './supervisor/format-log-line.js';
import { StartError } from './supervisor/home.js';
import { readSettings, type Settings } from './supervisor/settings.js';
import { startInstallation } from './supervisor/supervisor.js';
import { printWelcome } from './welcome.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
// Who reads along may go (`npm start | head`, a closed terminal): that must not end the starter and leave PostgreSQL behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Resolves at the first request to stop; a second one ends the process at once. */
function stopRequested(): Promise<void> {
  return new Promise((settle) => {
    let asked = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        asked += 1;
        if (asked > 1 && signal === 'SIGINT') process.exit(130);
        settle();
      });
    }
  });
}

async function start(settings: Settings): Promise<number> {
  const begun = Date.now();
  const stop = stopRequested();
  const starting = startInstallation(settings, {
    onLine: (service, line) => say(formatLogLine(service, line)),
    onNotice: (text) => say(formatLogLine('gimbal', text)),
  });
  const first = await Promise.race([starting, stop]);
  const installation = first ?? (await starting);
  if (first) {
    printWelcome(say, {
      url: installation.url,
      home: settings.home,
      credentials: installation.credentials,
      seconds: (Date.now() - begun) / 1000,
    });
    await stop;
  }
  say(formatLogLine('gimbal', 'stopping'));
  await installation.stop();
  say(formatLogLine('gimbal', 'stopped'));
  return 0;
}

async function main(): Promise<number> {
  const [command, ...args] = process.argv.slice(2);
  try {
    const settings = readSettings(process.env, root);
    if (command === 'demo') return await runDemo(settings, args, stopRequested());
    return await start(settings);
  } catch (error) {
    const text =
      error instanceof StartError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`gimbal: ${text}\n`);
    return 1;
  }
}

process.exit(await main());
