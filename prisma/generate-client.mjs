// Generates the Prisma client on a machine that reaches nothing but an npm registry.
//
// Prisma's command line wants its native schema engine to be present even for `generate`, which never runs it, and would
// download it. Naming any existing executable satisfies it. The variable is set for this one child only, so that
// `prisma migrate` still finds the native engine where it can be downloaded.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const manifest = require.resolve('prisma/package.json');
const command = join(dirname(manifest), require(manifest).bin.prisma);

const { status, error } = spawnSync(process.execPath, [command, 'generate', '--no-hints'], {
  cwd: import.meta.dirname,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    CHECKPOINT_DISABLE: '1',
  },
});
if (error) throw error;
process.exitCode = status ?? 1;
