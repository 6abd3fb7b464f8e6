// `npm run check`: everything about the code that can be judged without running it. One line per check, all failures shown, then the sum.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = (name) => join(root, 'node_modules/.bin', name);

/** Runs a program; `{code, output}`. */
function run(program, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: status ?? 127, output: error ? String(error) : `${stdout}${stderr}` };
}

/** A check of the code by a tool: fails when the tool does. */
const tool = (program, args) => () => {
  const { code, output } = run(program, args);
  return code === 0 ? null : output;
};

/** The rules must bite: the files planted under `infra/checks/planted` break three walls, and all three must be reported. */
function plantedImports() {
  const { code, output } = run(bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'infra/checks/planted']);
  const missed = ['domain-imports-nothing', 'no-app-imports-another', 'serving-without-database'].filter(
    (rule) => !output.includes(`error ${rule}:`),
  );
  return code !== 0 && missed.length === 0 ? null : `not reported: ${missed.join(', ')}\n${output}`;
}

/** The same for turbo's tags: in a copy of two packages, domain depends on an app, and `turbo boundaries` must refuse it. */
function plantedTags() {
  const place = mkdtempSync(join(tmpdir(), 'gimbal-boundaries-'));
  try {
    cpSync(join(root, 'turbo.json'), join(place, 'turbo.json'));
    writeFileSync(join(place, 'package.json'), '{"name":"planted","private":true,"packageManager":"pnpm@12.21.0"}');
    writeFileSync(join(place, 'pnpm-workspace.yaml'), 'packages: [packages/*]\n');
    writeFileSync(join(place, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\nimporters: {}\n");
    for (const [name, dependencies] of [
      ['domain', { '@gimbal/db': 'workspace:*' }],
      ['db', {}],
    ]) {
      const folder = join(place, 'packages', name);
      mkdirSync(join(folder, 'src'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `@gimbal/${name}`, dependencies }));
      writeFileSync(join(folder, 'turbo.json'), JSON.stringify({ extends: ['//'], tags: [name] }));
      writeFileSync(join(folder, 'src/index.ts'), name === 'domain' ? "import '@gimbal/db';\n" : 'export {};\n');
    }
    mkdirSync(join(place, 'packages/domain/node_modules/@gimbal'), { recursive: true });
    symlinkSync(join(place, 'packages/db'), join(place, 'packages/domain/node_modules/@gimbal/db'));
    run('git', ['init', '-q'], place);
    const { code, output } = run(bin('turbo'), ['boundaries', '--no-color'], place);
    return code !== 0 && /@gimbal\/db/.test(output) && /tag/i.test(output)
      ? null
      : `turbo did not refuse it (exit ${code}):\n${output}`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Licences that production dependencies may have. All allow use, change and redistribution with attribution at the most. */
const LICENCES = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'PostgreSQL',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'Zlib',
]);

/** Of `A OR B` one must be allowed, of `A AND B` both; packages here never nest the two. */
const isAllowed = (expression) => {
  const words = expression.replaceAll(/[()]/g, '');
  return words.includes(' AND ')
    ? words.split(' AND ').every((word) => LICENCES.has(word))
    : words.split(' OR ').some((word) => LICENCES.has(word));
};

function licences() {
  const { code, output } = run('pnpm', ['--recursive', 'licenses', 'list', '--prod', '--json']);
  if (code !== 0) return output;
  const found = Object.entries(JSON.parse(output));
  if (found.length === 0) return 'pnpm listed no production dependency at all: nothing was checked.';
  const refused = found.filter(([licence]) => !isAllowed(licence));
  const lines = refused.map(
    ([licence, packages]) => `${licence}: ${packages.map(({ name, versions }) => `${name} ${versions}`).join(', ')}`,
  );
  return lines.length === 0 ? null : lines.join('\n');
}

/** One program over everything is several times quicker than one per package; domain has one of its own, without Node's types. */
function types() {
  const complaints = ['tsconfig.json', 'packages/domain']
    .map((project) => run(bin('tsc'), ['--noEmit', '--project', project]))
    .filter(({ code }) => code !== 0);
  return complaints.length === 0 ? null : complaints.map(({ output }) => output).join('\n');
}

const sources = ['apps', 'packages', 'prisma/src', 'infra/local'];
const CHECKS = {
  'format and lint': tool(bin('biome'), ['ci', '--colors=off', '--error-on-warnings', '.']),
  types,
  'walls between folders, cycles': tool(bin('depcruise'), ['--config', '.dependency-cruiser.mjs', ...sources]),
  'planted import is caught': plantedImports,
  'walls between packages': tool(bin('turbo'), ['boundaries', '--no-color']),
  'planted dependency is caught': plantedTags,
  'unused files, exports and dependencies': tool(bin('knip'), ['--no-progress']),
  'repeated code': tool(bin('jscpd'), ['--config', '.jscpd.json', '--silent', '.']),
  'licences of production dependencies': licences,
  'schema, migrations and client agree': tool(process.execPath, ['prisma/check-schema.mjs']),
  'compiled kernel is that of its source': tool(process.execPath, [
    'packages/learning/scripts/build-wasm.mjs',
    '--check',
  ]),
  'configuration page is current': tool(process.execPath, ['infra/checks/write-configuration-page.mjs', '--check']),
  'types of the SDK are those of the routes': tool(process.execPath, [
    'packages/client/scripts/write-openapi-types.mjs',
    '--check',
  ]),
  'links of documents': tool(process.execPath, ['infra/checks/check-links.mjs']),
};

let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  const start = Date.now();
  const complaint = check();
  if (complaint !== null) failed += 1;
  process.stdout.write(
    `${complaint === null ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)\n`,
  );
  if (complaint !== null) process.stdout.write(`${complaint.trimEnd().replace(/^/gm, '     ')}\n`);
}
process.stdout.write(`${Object.keys(CHECKS).length - failed} passed, ${failed} failed, 0 skipped\n`);
process.exit(failed === 0 ? 0 : 1);
