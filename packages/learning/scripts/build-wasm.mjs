// Compiles assembly/ into src/wasm/kernel-wasm.ts, so that neither building nor running needs a compiler or reads a file.
// `--check` compares instead of writing and exits 1 when the committed bytes are not those of a fresh compile.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'gimbal-wasm-'));
const file = join(place, 'kernel.wasm');
const options = [
  ...['assembly/index.ts', '--outFile', file, '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  // One module for both: alone in its memory, or in one shared by several threads. 64 KiB are reserved for the tables of the caller.
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65535'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
];
const compiler = join(home, 'node_modules/assemblyscript/bin/asc.js');
const { status, stderr } = spawnSync(process.execPath, [compiler, ...options], { cwd: home, encoding: 'utf8' });
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(1);
}
const base64 = readFileSync(file).toString('base64');
rmSync(place, { recursive: true });
const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`);
const source = `// Written by scripts/build-wasm.mjs from assembly/; do not edit.
/** The compiled kernel, base64. */
export const KERNEL_WASM = [
${lines.join(',\n')},
].join('');
`;
const target = join(home, 'src/wasm/kernel-wasm.ts');
if (!process.argv.includes('--check')) writeFileSync(target, source);
else if (readFileSync(target, 'utf8') !== source) {
  process.stderr.write('src/wasm/kernel-wasm.ts is not what assembly/ compiles to: run node scripts/build-wasm.mjs\n');
  process.exit(1);
}
