import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SOURCE_FLAGS } from '@gimbal/testing';
import { afterEach, describe, expect, it } from '@jest/globals';

const SLOW_SERVICE = fileURLToPath(new URL('./slow-service.ts', import.meta.url));
const children: ChildProcess[] = [];

interface Service {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  readonly ready: Promise<string>;
  /** Resolves when the first slow request is being answered. */
  readonly arrived: Promise<void>;
  readonly exit: Promise<number | null>;
}

/** Starts the fixture as the supervisor would, with an IPC channel. */
const start = (env: Record<string, string> = {}): Service => {
  const child = spawn(process.execPath, [...SOURCE_FLAGS, SLOW_SERVICE], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout?.on('data', (text) => {
    output.out += text;
  });
  child.stderr?.on('data', (text) => {
    output.err += text;
  });
  const exit = once(child, 'close').then(([code]) => code as number | null); // 'close' gives the exit code first
  const ready = new Promise<string>((resolve, reject) => {
    child.on('message', (message: { type?: string; url?: string }) => {
      if (message.type === 'ready') resolve(message.url ?? '');
    });
    void exit.then((code) => reject(new Error(`The service ended with ${code}: ${output.err}${output.out}`)));
  });
  const arrived = new Promise<void>((resolve) => {
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'arrived') resolve();
    });
  });
  ready.catch(() => undefined); // tests of failing starts do not wait for it
  return { child, output, ready, arrived, exit };
};

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
});

describe('a service', () => {
  it('tells its supervisor where it listens, and answers there', async () => {
    const { ready, output } = start();
    const url = await ready;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const reply = await fetch(`${url}/health/live`);
    expect(await reply.json()).toEqual({ status: 'ok' });
    expect(reply.headers.get('x-powered-by')).toBeNull();
    for (const line of output.out.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(String),
        service: 'registry',
        time: expect.any(String),
      });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes the request under way on %s, takes no new one, and exits 0',
    async (signal) => {
      const { child, ready, arrived, exit } = start({ SLOW_MS: '600' });
      const url = await ready;
      const underWay = fetch(`${url}/slow`);
      await arrived;
      child.kill(signal);
      expect(await (await underWay).json()).toEqual({ done: true });
      expect(await exit).toBe(0);
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    },
  );

  it('cuts off a request that does not finish within half of the deadline, and ends in order', async () => {
    const { child, ready, arrived, exit } = start({ SLOW_MS: '60000', SHUTDOWN_DEADLINE: '3000' });
    const underWay = fetch(`${await ready}/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    child.kill('SIGTERM');
    expect(await underWay).toBe('cut off');
    expect(await exit).toBe(0);
  });

  it('is ended by force with exit code 124 when a module does not close within the deadline', async () => {
    const { child, ready, exit, output } = start({ CLOSE_MS: '60000', SHUTDOWN_DEADLINE: '500' });
    await ready;
    child.kill('SIGTERM');
    expect(await exit).toBe(124);
    expect(output.out).toContain('shutdown deadline passed');
  });

  it('ends itself when its supervisor is gone', async () => {
    const { child, ready } = start({ GIMBAL_SUPERVISED: '1' });
    await ready;
    const ended = once(child, 'exit'); // Node does not always emit 'close' for a child whose channel was cut
    child.disconnect();
    expect((await ended)[0]).toBe(0);
  });

  it('ends in order with exit code 1 after an error nobody caught, and logs it', async () => {
    const { ready, exit, output } = start();
    await fetch(`${await ready}/crash`);
    expect(await exit).toBe(1);
    expect(output.out).toContain('nobody catches this');
  });

  it('says every wrong setting on stderr and exits 78', async () => {
    const { exit, output } = start({ PORT: 'eighty', LOG_LEVEL: 'loud', SLOW_TOKEN: 'short' });
    expect(await exit).toBe(78);
    const lines = output.err.trim().split('\n');
    expect(lines.map((line) => line.split(':', 1)[0]).sort()).toEqual(['LOG_LEVEL', 'PORT', 'SLOW_TOKEN']);
    expect(output.err).not.toContain('short');
  });

  it('says which address is taken and what to do, and exits 78', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exit, output } = start({ PORT: String(port) });
    expect(await exit).toBe(78);
    expect(output.err.trim()).toBe(`127.0.0.1:${port}: is in use already; choose another port, or 0 for a free one`);
    other.close();
  });
});
