// Makes the package that users install: `packages/client/package/`, ready for `npm pack`. Contracts and domain are private to this
// repository, so the parts of them that the SDK needs are in it. Modules stay apart, so that a bundler can leave out what is not used.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const here = join(import.meta.dirname, '..');
const target = join(here, process.argv[2] ?? 'package');
const dist = join(target, 'dist');
const {
  name,
  version,
  license,
  type,
  dependencies: all,
} = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
/** What the repository's own packages are not: those are taken in. */
const dependencies = Object.fromEntries(
  Object.entries(all).filter(([dependency]) => !dependency.startsWith('@gimbal/')),
);

rmSync(target, { recursive: true, force: true });
await writeCode();
writeTypes();
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
cpSync(join(here, 'README.md'), join(target, 'README.md'));
cpSync(join(here, '../../LICENSE'), join(target, 'LICENSE'));

async function writeCode() {
  const bundle = await rolldown({
    input: { index: join(here, 'src/index.ts'), main: join(here, 'src/main.ts') },
    external: [/^node:/, ...Object.keys(dependencies)],
    platform: 'node',
    resolve: { conditionNames: ['gimbal-source', 'import', 'node', 'default'] },
    // No module of contracts or domain does anything but define: what nothing refers to can go.
    treeshake: { moduleSideEffects: (id) => id.endsWith('/main.ts') },
  });
  await bundle.write({
    dir: dist,
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: join(here, '..'),
    entryFileNames: '[name].js',
  });
}

/** The compiler's declarations lie as the modules do; only the names of the packages that were taken in become paths. */
function writeTypes() {
  const compiler = join(here, '../../node_modules/typescript/bin/tsc');
  const compile = [compiler, '--project', join(here, 'tsconfig.package.json'), '--outDir', dist];
  const { status, stdout } = spawnSync(process.execPath, compile, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the declarations cannot be made:\n${stdout}`);
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const text = readFileSync(join(dist, file), 'utf8');
    const toRoot = relative(dirname(file), '.') || '.';
    const rewritten = text.replace(/(from |import\()(['"])@gimbal\/(\w+)\2/g, `$1$2${toRoot}/$3/src/index.js$2`);
    if (rewritten !== text) writeFileSync(join(dist, file), rewritten);
  }
  writeFileSync(join(dist, 'index.d.ts'), "export * from './client/src/index.js';\n");
}

function manifest() {
  return {
    ...{ name, version, license, type },
    description: 'Experiments, model registry and predictions of Gimbal, and its command line.',
    engines: { node: '>=20.12' },
    sideEffects: ['./dist/main.js'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './openapi': { types: './dist/client/src/generated/openapi.d.ts' },
      './package.json': './package.json',
    },
    bin: { gimbal: 'dist/main.js' },
    files: ['dist'],
    dependencies,
  };
}
