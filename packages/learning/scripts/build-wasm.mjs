// Compiles assembly/ into modules under src/, so that neither building nor running needs a compiler or reads a file.
// `--check` compares instead of writing and exits 1 when the committed bytes are not those of a fresh compile.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const home = join(import.meta.dirname, '..');
const compiler = join(home, 'node_modules/assemblyscript/bin/asc.js');

/** Each module: where its source begins, what to write, and what its options are beside those of all. */
const MODULES = [
  {
    // One module for both: alone in its memory, or in one shared by several threads. 64 KiB are reserved for the tables of the caller.
    entry: 'index.ts',
    target: 'src/wasm/kernel-wasm.ts',
    name: 'KERNEL_WASM',
    about: 'The compiled kernel, base64.',
    options: [
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65535'],
      ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
    ],
  },
  {
    entry: 'text/index.ts',
    target: 'src/text/softmax/rows-wasm.ts',
    name: 'ROWS_WASM',
    about: 'The compiled row arithmetic, base64.',
    options: ['--importMemory', '--enable', 'simd', '--enable', 'bulk-memory'],
  },
];

/**
 * The sources under the ending that the compiler wants. In the repository they end in .as, since tools that read TypeScript stumble over
 * AssemblyScript's decorators.
 */
function copySources(place) {
  const sources = join(home, 'assembly');
  for (const name of readdirSync(sources, { recursive: true })) {
    if (!name.endsWith('.as')) continue;
    const copy = join(place, `${name.slice(0, -3)}.ts`);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(sources, name), copy);
  }
}

function compile({ entry, name, about, options }) {
  const place = mkdtempSync(join(tmpdir(), 'gimbal-wasm-'));
  const file = join(place, 'kernel.wasm');
  copySources(place);
  const all = [entry, '--outFile', file, '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', ...options];
  const { status, stderr } = spawnSync(process.execPath, [compiler, ...all], { cwd: place, encoding: 'utf8' });
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(1);
  }
  const base64 = readFileSync(file).toString('base64');
  rmSync(place, { recursive: true });
  const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`);
  return `// Written by scripts/build-wasm.mjs from assembly/; do not edit.
/** ${about} */
export const ${name} = [
${lines.join(',\n')},
].join('');
`;
}

for (const module of MODULES) {
  const source = compile(module);
  const target = join(home, module.target);
  if (!process.argv.includes('--check')) writeFileSync(target, source);
  else if (readFileSync(target, 'utf8') !== source) {
    process.stderr.write(`${module.target} is not what assembly/ compiles to: run node scripts/build-wasm.mjs\n`);
    process.exit(1);
  }
}
