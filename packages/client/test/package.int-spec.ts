import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publint } from 'publint';

const CLIENT = join(import.meta.dirname, '..');
const ROOT = join(CLIENT, '../..');
const BUILT = 'package-under-test';
const NAME = '@gimbal/client';
const run = promisify(execFile);
/** npm and the compiler print what is wrong on their output. */
const show = (error: { stdout?: string; stderr?: string }): never => {
  throw new Error(`${error.stdout}${error.stderr}`);
};

/** A Node of the oldest line that is promised, as `GIMBAL_NODE_20` or the system's own. */
async function findNode20(): Promise<string | undefined> {
  for (const path of [process.env['GIMBAL_NODE_20'], '/usr/bin/node']) {
    if (!path || !existsSync(path)) continue;
    if ((await run(path, ['--version'])).stdout.startsWith('v20.')) return path;
  }
  return undefined;
}
const node20 = await findNode20();

let tarball: string;
/** A project that has installed the package and nothing else of this repository. */
let project: string;
beforeAll(async () => {
  await run(process.execPath, ['scripts/build-package.mjs', BUILT], { cwd: CLIENT }).catch(show);
  project = await mkdtemp(join(tmpdir(), 'gimbal-consumer-'));
  const packed = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: join(CLIENT, BUILT),
  }).catch(show);
  tarball = join(project, JSON.parse(packed.stdout)[0].filename);
  writeFileSync(join(project, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  // What it depends on is there already, so that no registry is asked.
  const dependencies = ['zod', 'commander', 'yaml'].map((name) => join(CLIENT, 'node_modules', name));
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--install-links=false'];
  await run('npm', [...install, ...dependencies, tarball], { cwd: project }).catch(show);
});
afterAll(async () => {
  await rm(join(CLIENT, BUILT), { recursive: true, force: true });
  await rm(project, { recursive: true, force: true });
});

describe('the packed package', () => {
  it('has nothing of the repository that an installation could not resolve', () => {
    const installed = join(project, 'node_modules', NAME);
    const { dependencies, exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies).sort()).toEqual(['commander', 'yaml', 'zod']);
    expect(Object.keys(exports)).toEqual(['.', './openapi', './package.json']);
    expect(existsSync(join(project, 'node_modules/@gimbal/contracts'))).toBe(false);
  });

  it('is found right by publint', async () => {
    const { messages } = await publint({ pkgDir: join(CLIENT, BUILT), strict: true });
    expect(messages).toEqual([]);
  });

  it('is typed as it is run, for every way of resolving ES modules', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    const problems = 'problems' in result ? result.problems : [{ kind: 'no types at all' }];
    // It is a package of ES modules, with `exports`, and `./openapi` holds types only: what is left is what these three say.
    const expected = ['CJSResolvesToESM', 'NoResolution', 'UntypedResolution'];
    const unexpected = problems.filter((problem) => {
      const isOld = 'resolutionKind' in problem && problem.resolutionKind === 'node10';
      const isTypesOnly = 'entrypoint' in problem && problem.entrypoint === './openapi';
      return !((isOld || isTypesOnly || problem.kind === 'CJSResolvesToESM') && expected.includes(problem.kind));
    });
    expect(unexpected).toEqual([]);
  });
});

/** Type-checks files in the consumer's project. */
async function compile(files: Readonly<Record<string, string>>, options: object): Promise<void> {
  const folder = join(project, 'src');
  await rm(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const types = join(project, 'node_modules/@types');
  if (!existsSync(types)) cpSync(join(ROOT, 'node_modules/@types'), types, { recursive: true, dereference: true });
  const fetcher = join(project, 'node_modules/openapi-fetch');
  if (!existsSync(fetcher))
    cpSync(join(CLIENT, 'node_modules/openapi-fetch'), fetcher, { recursive: true, dereference: true });
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    skipLibCheck: true,
  };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, include: ['src'] }),
  );
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]).catch(show);
}

describe('a program that has installed it', () => {
  const examples = Object.fromEntries(
    [
      join(CLIENT, 'README.md'),
      ...['experiments', 'migrate-experiment-manager'].map((name) => join(ROOT, `docs/guides/${name}.md`)),
    ]
      .flatMap((page) =>
        Array.from(readFileSync(page, 'utf8').matchAll(/^ *```ts\n(.*?)^ *```/gms), ([, text]) => text),
      )
      .map((text, index) => [`example-${index}.ts`, `${text}\nexport {};\n`]),
  );

  it.each([
    { module: 'nodenext', experimentalDecorators: false },
    { module: 'esnext', moduleResolution: 'bundler', experimentalDecorators: true },
  ])('compiles the examples of the README and the guides with %j', async (options) => {
    expect(Object.keys(examples).length).toBeGreaterThan(8);
    await compile(examples, options);
  });

  it('is told by the compiler what is wrong', async () => {
    const wrong = `import { ExperimentManager, PredictionClient } from '${NAME}';
      new ExperimentManager({ experimentname: 'churn' });`;
    await expect(compile({ 'wrong.ts': wrong }, { module: 'nodenext' })).rejects.toThrow(
      /'experimentname' does not exist/,
    );
  });

  const PROGRAM = `
    import { ExperimentManager, lruCache } from '${NAME}';
    const manager = new ExperimentManager({ experimentName: 'packed', offlineDir: process.argv[2], sync: 'manual' });
    await manager.withRun({ name: 'one' }, (run) => run.logMetric('loss', 0.5));
    await manager.sync().catch((error) => console.log(error.code));
    const twice = lruCache({ maxSize: 1 })((x) => x * 2);
    console.log(twice(2), twice(2), twice.cache.getStats().hits);`;

  const onNode20 = node20 ? it : it.skip;
  if (!node20) process.stdout.write('skipped: no Node 20 is here; GIMBAL_NODE_20 may name one\n');
  for (const [version, node, test] of [
    ['the Node of the repository', process.execPath, it],
    ['Node 20', node20 ?? '', onNode20],
  ] as const)
    test(`runs on ${version}, and so does the command line`, async () => {
      writeFileSync(join(project, 'program.mjs'), PROGRAM);
      const buffer = await mkdtemp(join(project, 'buffer-'));
      const { stdout, stderr } = await run(node, ['program.mjs', buffer], { cwd: project, env: {} });
      expect([stdout, stderr]).toEqual(['no-registry\n4 4 1\n', '']);
      expect(existsSync(join(buffer, 'runs'))).toBe(true);
      const help = await run(node, [join(project, 'node_modules', NAME, 'dist/main.js'), '--help'], { env: {} });
      expect(help.stdout).toContain('Usage: gimbal');
    });

  it('gets only what it uses when it is bundled', async () => {
    // The bundler as a program: inside of jest it takes lists for something else.
    const bundler = join(CLIENT, 'node_modules/rolldown/bin/cli.mjs');
    const sizeOf = async (names: string): Promise<{ bytes: number; imports: string[] }> => {
      writeFileSync(join(project, 'entry.mjs'), `export { ${names} } from '${NAME}';`);
      const bundle = ['entry.mjs', '--file', 'bundled.mjs', '--format', 'esm', '--platform', 'node', '--minify'];
      await run(process.execPath, [bundler, ...bundle], { cwd: project }).catch(show);
      const code = readFileSync(join(project, 'bundled.mjs'), 'utf8');
      return { bytes: code.length, imports: Array.from(code.matchAll(/from"([^"]+)"/g), ([, name = '']) => name) };
    };
    const whole = await sizeOf('ExperimentManager, ModelRegistry, GimbalClient');
    const predictions = await sizeOf('PredictionClient');
    const cache = await sizeOf('lruCache');
    expect(predictions.bytes).toBeLessThan(12_000);
    expect(cache).toMatchObject({ imports: [] });
    expect(cache.bytes).toBeLessThan(3_000);
    expect(whole.bytes).toBeGreaterThan(10 * predictions.bytes); // zod and the schemas: the comparison is of something
  });
});
