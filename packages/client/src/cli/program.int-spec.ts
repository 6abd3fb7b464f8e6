import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROLES } from '@gimbal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { completeWords } from './completion-command.js';
import { exitCodeOf } from './exit-code.js';
import { buildProgram } from './program.js';
import { writeLogin } from './stored-login.js';

/** What the gateway answers: status and body by method and path. */
const answers = new Map<string, readonly [number, unknown]>();
const asked: { readonly what: string; readonly key: string | undefined; readonly body: string }[] = [];
const VERSION = '0.1.0';
let server: Server;
let url: string;
let folder: string;

beforeAll(async () => {
  server = createServer(async (request, reply) => {
    const what = `${request.method} ${request.url}`;
    asked.push({ what, key: request.headers['x-api-key'] as string | undefined, body: await text(request) }); // sent once
    const [status, body] = answers.get(what) ?? [404, { code: 'model-not-found', detail: 'There is no such thing.' }];
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  folder = await mkdtemp(join(tmpdir(), 'gimbal-cli-'));
  process.env['XDG_CONFIG_HOME'] = folder;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  answers.clear();
  asked.length = 0;
  await writeLogin({ url, apiKey: 'the key' });
});

const MODEL = {
  ...{ name: 'heart', description: '', live_version: 1, latest_version: 2, versions: 2, aliases: { live: 1 } },
  created_at: '2026-01-01T00:00:00Z',
};
const models = [200, { items: [MODEL], next_cursor: null }] as const;

function silence(command: Command): void {
  command.configureOutput({ writeErr: () => undefined });
  command.commands.forEach(silence);
}

/** Runs a command as a shell would, on a terminal of 60 columns or into a pipe. */
async function run(words: readonly string[], isTTY = false): Promise<{ readonly said: string; readonly exit: number }> {
  let said = '';
  const terminal = { isTTY, columns: 60, write: (text: string) => (said += text) };
  const program = buildProgram(VERSION, terminal);
  silence(program);
  process.exitCode = 0;
  const exit = await program.parseAsync([...words], { from: 'user' }).then(
    () => Number(process.exitCode),
    (error: unknown) => exitCodeOf(error),
  );
  process.exitCode = 0;
  return { said, exit };
}

describe('an answer', () => {
  it('is JSON in a pipe or when asked for, and a table that fits on a terminal', async () => {
    answers.set('GET /api/v1/models', models);
    expect(JSON.parse((await run(['models'])).said)).toMatchObject({ items: [{ name: 'heart', liveVersion: 1 }] });
    expect(JSON.parse((await run(['models', '--json'], true)).said)).toHaveProperty('items');
    const { said } = await run(['models'], true);
    expect(said).toMatch(/^NAME +LIVE VERSION/);
    expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

describe('a list', () => {
  const pages = (): void => {
    const page = (names: readonly string[], next_cursor: string | null) =>
      [200, { items: names.map((name) => ({ ...MODEL, name })), next_cursor }] as const;
    answers.set('GET /api/v1/models', page(['a', 'b'], 'after b'));
    answers.set('GET /api/v1/models?limit=1000', page(['a', 'b'], 'after b'));
    answers.set('GET /api/v1/models?limit=1000&cursor=after+b', page(['c'], null));
    answers.set('GET /api/v1/models?limit=3', page(['a', 'b'], 'after b'));
    answers.set('GET /api/v1/models?limit=1&cursor=after+b', page(['c'], 'after c'));
  };
  const namesOf = (said: string): string[] => JSON.parse(said).items.map(({ name }: { name: string }) => name);

  it('is the first page, and says on a terminal that there is more', async () => {
    pages();
    expect(namesOf((await run(['models'])).said)).toEqual(['a', 'b']);
    expect((await run(['models'], true)).said).toMatch(/There is more: --limit <number>, or --all\.\n$/);
  });

  it('goes on page by page, to the end or as far as is asked', async () => {
    pages();
    expect(namesOf((await run(['models', '--all'])).said)).toEqual(['a', 'b', 'c']);
    expect((await run(['models', '--all'], true)).said).not.toContain('There is more');
    expect(namesOf((await run(['models', '--limit', '3'])).said)).toEqual(['a', 'b', 'c']);
    expect(JSON.parse((await run(['models', '--limit', '3'])).said).nextCursor).toBe('after c');
    for (const wrong of [
      ['--limit', '0'],
      ['--limit', 'many'],
      ['--limit', '3', '--all'],
    ])
      expect((await run(['models', ...wrong])).exit).toBe(2);
  });

  it('below another one has its own length', async () => {
    answers.set('GET /api/v1/versions?stage=staging&limit=7', [200, { items: [], next_cursor: null }]);
    expect((await run(['versions', 'search', '--stage', 'staging', '--limit', '7'])).exit).toBe(0);
    expect((await run(['datasets', 'list'])).exit).toBe(3);
    expect(asked.map(({ what }) => what)).toEqual([
      'GET /api/v1/versions?stage=staging&limit=7',
      'GET /api/v1/datasets',
    ]);
  });
});

it('register sends a file with what is known of it, and says what cannot be read', async () => {
  const [model, metadata] = [join(folder, 'model.onnx'), join(folder, 'metadata.json')];
  await writeFile(model, 'onnx');
  await writeFile(metadata, JSON.stringify({ algorithm: 'of the file', description: 'of the file' }));
  const register = ['versions', 'register', 'heart', model, '--metadata', metadata, '--algorithm', 'random-forest'];
  answers.set('POST /api/v1/models/heart/versions', [400, { code: 'validation-failed', detail: 'No signature.' }]);
  expect((await run(register)).exit).toBe(2);
  const { what, body } = asked[0]!;
  expect(what).toBe('POST /api/v1/models/heart/versions');
  expect(body).toContain('{"algorithm":"random-forest","description":"of the file"}');
  expect(body.indexOf('name="metadata"')).toBeLessThan(body.indexOf('name="file"; filename="model.onnx"'));
  asked.length = 0;
  expect((await run(['versions', 'register', 'heart', join(folder, 'none.onnx')])).exit).toBe(2);
  expect((await run(['versions', 'register', 'heart', model, '--signature', model])).exit).toBe(2);
  expect(asked).toEqual([]);
});

describe('the exit code tells', () => {
  it.each([
    [400, 2],
    [401, 4],
    [403, 4],
    [404, 3],
    [409, 5],
    [412, 5],
    [500, 1],
    [503, 6],
  ])('of an answer %i that it is %i', async (status, exit) => {
    answers.set('GET /api/v1/models/heart', [status, { code: 'some-code', detail: 'Some detail.' }]);
    expect((await run(['models', 'show', 'heart'])).exit).toBe(exit);
  });

  it('of a command that can not be understood that it is 2', async () => {
    for (const words of [
      ['no-such-command'],
      ['models', 'show'],
      ['promote', 'heart', '1'],
      ['promote', 'heart', 'one', '--reason', 'x'],
    ])
      expect([words, (await run(words)).exit]).toEqual([words, 2]);
    expect((await run(['predict', 'heart', join(folder, 'nothing.json')])).exit).toBe(2);
  });

  it('of a gateway that does not answer that it is 6', async () => {
    await writeLogin({ url: 'http://127.0.0.1:1', apiKey: 'k' });
    expect((await run(['models'])).exit).toBe(6);
  });
});

describe('the key', () => {
  it('is kept where only its owner may read it, and is sent to the address it was given for alone', async () => {
    const file = join(folder, 'gimbal', 'login.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ url, apiKey: 'the key' });
    answers.set('GET /api/v1/models', models);
    await run(['models']);
    expect(asked).toMatchObject([{ what: 'GET /api/v1/models', key: 'the key' }]);
    asked.length = 0;
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    expect((await run(['models', '--url', elsewhere])).exit).toBe(2);
    expect(asked).toEqual([]);
  });

  it('is forgotten by logout', async () => {
    await run(['logout']);
    expect((await run(['models', '--home', folder])).exit).toBe(2);
  });

  it('of an installation is that of the least role, and is sent to its own gateway alone', async () => {
    await writeFile(join(folder, 'runtime.json'), JSON.stringify({ gateway: url }));
    const keys = ROLES.map((role) => [role, `key of ${role}`]);
    await writeFile(join(folder, 'credentials.json'), JSON.stringify(Object.fromEntries(keys)));
    answers.set('GET /api/v1/models', models);
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    expect((await run(['models', '--home', folder, '--url', elsewhere])).exit).toBe(2);
    expect((await run(['models', '--home', folder])).exit).toBe(0);
    expect(asked).toMatchObject([{ what: 'GET /api/v1/models', key: 'key of viewer' }]);
  });

  it('has the right to what is compared: what was measured, or what is predicted', async () => {
    const compare = ['versions', 'compare', 'heart', '1', '2', '--home', folder];
    await run(compare);
    await run([...compare, '--rows']);
    expect(asked).toMatchObject([
      { what: 'GET /api/v1/models/heart/compare?versions=1%2C2', key: 'key of viewer' },
      { what: 'POST /api/v1/models/heart/compare', key: 'key of predictor' },
    ]);
  });

  it('can not be given on the command line', () => {
    const options = buildProgram(VERSION).options.map(({ long }) => long);
    expect(options.filter((option) => /key|secret|token/.test(option ?? ''))).toEqual([]);
  });
});

describe('promote and rollback', () => {
  it('say what is live now, so that nobody is overtaken unseen', async () => {
    answers.set('GET /api/v1/models/heart', [200, MODEL]);
    answers.set('POST /api/v1/models/heart/versions/2/promote', [409, { code: 'promotion-refused', detail: 'No.' }]);
    expect((await run(['promote', 'heart', '2', '--reason', 'Better.'])).exit).toBe(5);
    expect(asked.map(({ what }) => what)).toEqual([
      'GET /api/v1/models/heart',
      'POST /api/v1/models/heart/versions/2/promote',
    ]);
  });
});

it('rollback asks for nothing where nothing is live', async () => {
  answers.set('GET /api/v1/models/heart', [200, { ...MODEL, live_version: null, aliases: {} }]);
  expect((await run(['rollback', 'heart', '--reason', 'Worse.'])).exit).toBe(3);
  expect(asked.map(({ what }) => what)).toEqual(['GET /api/v1/models/heart']);
});

describe('doctor', () => {
  const health = {
    ...{ status: 'healthy', version: VERSION, services: { registry: { status: 'healthy', latency_ms: 1 } } },
    storage: { postgres: 'healthy', queue: 'healthy', artifacts: 'healthy', mlflow: 'off' },
  };
  const wellness = async () => {
    const { said, exit } = await run(['doctor']);
    const checks: { check: string; isWell: boolean | null }[] = JSON.parse(said);
    return { exit, wrong: checks.flatMap(({ check, isWell }) => (isWell === false ? [check] : [])) };
  };
  const allWell = (): void => {
    answers.set('GET /health', [200, health]);
    answers.set('GET /api/v1/models?limit=1', models);
    const cache = { prediction_cache: { size: 0, hits: 0, misses: 0, hit_rate: 0 } };
    answers.set('GET /monitoring/health', [200, { status: 'healthy', models: {}, cache }]);
    answers.set('GET /api/v1/mlflow/health', [
      200,
      {
        status: 'off',
        reachable: null,
        version: null,
        latency_ms: null,
        breaker: null,
        backlog: null,
        last_error: null,
      },
    ]);
  };

  it('finds nothing wrong with what is well', async () => {
    allWell();
    expect(await wellness()).toEqual({ exit: 0, wrong: [] });
  });

  it('names what is wrong, and fails', async () => {
    allWell();
    answers.set('GET /health', [
      200,
      { ...health, version: '9.9.9', services: { registry: { status: 'unhealthy', latency_ms: null } } },
    ]);
    answers.set('GET /api/v1/models?limit=1', [401, { code: 'invalid-api-key', detail: 'No.' }]);
    expect(await wellness()).toEqual({ exit: 1, wrong: ['version', 'service registry', 'key'] });
  });

  it('says that nobody answers', async () => {
    await writeLogin({ url: 'http://127.0.0.1:1', apiKey: 'k' });
    expect(await wellness()).toEqual({ exit: 1, wrong: ['connection'] });
  });
});

describe('completion', () => {
  const complete = (...words: string[]) => completeWords(buildProgram(VERSION), words);

  it('knows commands, their commands and options', () => {
    expect(complete('al')).toEqual(['alerts', 'aliases']);
    expect(complete('aliases', '')).toEqual(expect.arrayContaining(['history', 'list', 'set', 'show']));
    expect(complete('promote', 'heart', '2', '--r')).toEqual(['--reason']);
    expect(complete('models', '--j')).toEqual(['--json']);
    expect(complete('versions', 'reg')).toEqual(['register']);
    expect(complete('versions', 'register', 'heart', '--e')).toEqual(['--evaluation']);
    expect(complete('runs', '--')).toEqual(expect.arrayContaining(['--all', '--limit']));
    expect(complete('complete')).toEqual([]);
  });

  it('gives bash a script that bash can read', async () => {
    const { said } = await run(['completion', 'bash']);
    expect(() => execFileSync('bash', ['-n'], { input: said })).not.toThrow();
    expect((await run(['completion', 'tcsh'])).exit).toBe(2);
  });
});
