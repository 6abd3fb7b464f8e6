// The door of `npm run demo`, `npm start`, `npm test`: makes a machine that has only Node >= 18 and npm ready, then hands over.
// Plain JavaScript, because it runs before anything is installed and on whatever Node is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
// As a whole: the first Node 18 has no availableParallelism, and a missing name would end the program before it can say why.
import os from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TOOLCHAIN = join(ROOT, '.toolchain');
const NODE_FLOOR = 24;
const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';
const COMMANDS = ['demo', 'start', 'test', 'check', 'gimbal', 'bench'];

const [command = '', ...rest] = process.argv.slice(2);
const isTerminal = process.stderr.isTTY === true;

function fail(message) {
  process.stderr.write(`gimbal: ${message}\n`);
  process.exit(1);
}

/** Runs a program; resolves with its exit code. `quiet` keeps its output unless it fails. */
function run(program, args, { quiet = false, env = process.env } = {}) {
  return new Promise((settle) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    const kept = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => kept.push(chunk));
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.on('error', (error) => settle({ code: 127, output: String(error.message) }));
    child.on('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      settle({ code: code ?? 128 + (os.constants.signals[signal] ?? 0), output: Buffer.concat(kept).toString() });
    });
  });
}

/** A long step: what, and how long it took; a running clock on a terminal, one line elsewhere only when it is done. */
async function step(what, work) {
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  const tick = isTerminal ? setInterval(() => process.stderr.write(`\r${what} … ${seconds()} s `), 200) : undefined;
  const result = await work();
  clearInterval(tick);
  process.stderr.write(`${isTerminal ? '\r' : ''}${what}: ${seconds()} s   \n`);
  if (result.code !== 0) {
    process.stderr.write(result.output);
    fail(`${what} failed (exit ${result.code}). The lines above say why.`);
  }
}

/** Node 24 and pnpm from the npm registry, kept in `.toolchain/`; the machine's own Node is used when it is new enough. */
async function ensureToolchain() {
  const own = Number(process.versions.node.split('.')[0]) >= NODE_FLOOR ? process.execPath : undefined;
  const node = own ?? join(TOOLCHAIN, 'node_modules/node/bin/node');
  const pnpm = join(TOOLCHAIN, 'node_modules/pnpm');
  const wanted = own ? [`pnpm@${PNPM_VERSION}`] : [`node@${NODE_VERSION}`, `pnpm@${PNPM_VERSION}`];
  const stamp = join(TOOLCHAIN, 'stamp');
  if (
    !existsSync(node) ||
    !existsSync(pnpm) ||
    !existsSync(stamp) ||
    !readFileSync(stamp, 'utf8').includes(wanted.join(' '))
  ) {
    mkdirSync(TOOLCHAIN, { recursive: true });
    writeFileSync(join(TOOLCHAIN, 'package.json'), '{"private":true}\n');
    const npm = process.env.npm_execpath;
    const args = [
      'install',
      '--prefix',
      TOOLCHAIN,
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--save-exact',
      ...wanted,
    ];
    await step(own ? 'Fetching pnpm' : `Fetching Node ${NODE_VERSION} and pnpm`, () =>
      npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], { quiet: true }) : run('npm', args, { quiet: true }),
    );
    writeFileSync(stamp, wanted.join(' '));
  }
  return node;
}

/** Changes when a manifest or the lock file does: then, and only then, packages are installed again. */
function manifestDigest() {
  const hash = createHash('sha256');
  const files = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'prisma/package.json',
    'infra/local/package.json',
    'bench/package.json',
  ];
  for (const group of ['apps', 'packages']) {
    for (const name of readdirSync(join(ROOT, group)).sort()) files.push(`${group}/${name}/package.json`);
  }
  for (const file of files) if (existsSync(join(ROOT, file))) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

async function ensureInstalled(environment) {
  const stamp = join(ROOT, 'node_modules/.gimbal-installed');
  const digest = manifestDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await step('Installing packages', () =>
    run(join(TOOLCHAIN, 'node_modules/.bin/pnpm'), ['install', '--frozen-lockfile', '--reporter=append-only'], {
      quiet: true,
      env: environment,
    }),
  );
  writeFileSync(stamp, digest);
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 18)
    fail(`Node ${process.versions.node} is too old: install Node 18 or newer and run this again.`);
  if (!COMMANDS.includes(command)) fail(`no command "${command}": one of ${COMMANDS.join(', ')}.`);
  const node = await ensureToolchain();
  const path = [dirname(node), join(TOOLCHAIN, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const environment = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  await ensureInstalled(environment);
  const turbo = ['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only', '--no-color'];
  // Warm, this takes under a tenth of a second; said only when something had to be built.
  const start = Date.now();
  const built = await run(node, [...turbo, `--concurrency=${Math.max(2, os.cpus().length)}`], {
    quiet: true,
    env: environment,
  });
  if (built.code !== 0) {
    process.stderr.write(built.output);
    fail('the build failed. The lines above say why.');
  }
  if (Date.now() - start > 1500) process.stderr.write(`Building: ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
  const targets = {
    test: ['infra/checks/run-tests.mjs', ...rest],
    check: ['infra/checks/run-checks.mjs', ...rest],
    bench: ['bench/dist/main.js', ...rest],
    gimbal: ['packages/client/dist/main.js', ...rest],
    start: ['infra/local/dist/main.js', 'start', ...rest],
    demo: ['infra/local/dist/main.js', 'demo', ...rest],
  };
  const { code } = await run(node, ['--disable-warning=ExperimentalWarning', ...targets[command]], {
    env: environment,
  });
  process.exit(code);
}

await main();
