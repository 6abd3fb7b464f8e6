import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROLES, SERVICE_NAMES } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isAlive, makeHome, ROOT, STARTER, Ward } from './ward.js';

jest.setTimeout(600_000);
let home: string;
beforeAll(async () => {
  home = await makeHome();
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs a command that ends by itself. */
async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: '', REDIS_URL: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, said };
}
const start = (environment: NodeJS.ProcessEnv) =>
  run([STARTER, 'start'], { GIMBAL_HOME: home, API_PORT: '0', ...environment });

describe('what is in the way is said in one line, with what to do', () => {
  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, said } = await start({ API_PORT: String(port) });
    other.close();
    expect(said).toBe(`gimbal: port ${port} on 127.0.0.1 is in use: stop what uses it, or set API_PORT to another.\n`);
    expect(code).toBe(1);
  });

  it('a folder that cannot be written', async () => {
    const file = join(home, 'a-file');
    await writeFile(file, '');
    const { code, said } = await start({ GIMBAL_HOME: join(file, 'home') });
    expect(said).toBe(
      `gimbal: the folder ${file}/home can't be written (ENOTDIR): free it, or set GIMBAL_HOME to another.\n`,
    );
    expect(code).toBe(1);
  });

  it('a Node that is too old', async () => {
    const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "16.20.2" } })';
    const { code, said } = await run(
      ['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(ROOT, 'infra/local/bootstrap.mjs'), 'start'],
      {},
    );
    expect(said).toBe('gimbal: Node 16.20.2 is too old: install Node 18 or newer and run this again.\n');
    expect(code).toBe(1);
  });

  it('settings that make no sense, all at once', async () => {
    const { code, said } = await start({ API_PORT: 'eighty', DATABASE_URL: 'mysql://u:a-password@h/d' });
    expect(said).toMatch(/^gimbal: API_PORT: must be a port.*\nDATABASE_URL: must be .*\n$/);
    expect(said).not.toContain('a-password');
    expect(code).toBe(1);
  });
});

describe('a running installation', () => {
  let ward: Ward;
  beforeAll(async () => {
    ward = await Ward.open();
  });
  afterAll(() => ward?.close());

  it('says where everything is, and keeps the keys for their owner', async () => {
    const runtime = await ward.runtime();
    expect(runtime).toMatchObject({
      gateway: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      postgres: { pid: expect.any(Number), port: expect.any(Number) },
      queue: 'postgres',
    });
    expect(Object.keys(runtime.services).sort()).toEqual([...SERVICE_NAMES].sort());
    for (const { url, pid } of Object.values(runtime.services)) {
      expect(isAlive(pid)).toBe(true);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    }
    const alone = `${runtime.services['serving']?.predict}/v2/models`;
    expect((await fetch(alone)).status).toBe(401);
    const { predictor = '' } = await ward.keys();
    expect((await fetch(alone, { headers: { 'x-api-key': predictor } })).status).toBe(200);
    expect(Object.keys(await ward.keys()).sort()).toEqual([...ROLES].sort());
    for (const name of ['credentials.json', 'secrets.json'])
      expect((await stat(join(ward.home, name))).mode & 0o777).toBe(0o600);
  });

  it('refuses a second one in the same folder, and is left alone by it', async () => {
    const before = await ward.runtime();
    const [{ code, said }, together] = await Promise.all([
      start({ GIMBAL_HOME: ward.home }),
      start({ GIMBAL_HOME: ward.home }),
    ]);
    expect(together.said).toBe(said);
    expect(said).toMatch(
      /^gimbal: Gimbal runs already in .* \(process \d+.*\): stop it, or set GIMBAL_HOME and API_PORT\.\n$/,
    );
    expect(code).toBe(1);
    expect(await ward.runtime()).toEqual(before);
    expect((await fetch(`${before.gateway}/health/live`)).status).toBe(200);
  });

  it('starts again after kill -9 of everything, also when the number of the dead starter belongs to another program', async () => {
    await ward.killEverything();
    await writeFile(join(ward.home, 'starter.pid'), `${process.pid}\n`);
    await ward.start();
  });

  it('leaves no process within 15 s of SIGTERM', async () => {
    const { code, seconds, left } = await ward.stop();
    expect({ code, left }).toEqual({ code: 0, left: [] });
    expect(seconds).toBeLessThan(15);
    await expect(stat(join(ward.home, 'runtime.json'))).rejects.toThrow('ENOENT');
  });
});
