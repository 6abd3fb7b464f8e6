// Writes the types of the SDK from the gateway's own OpenAPI document; `--check` only tells whether they are current.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import describe, { astToString } from 'openapi-typescript';

const root = join(import.meta.dirname, '../../..');
const target = join(root, 'packages/client/src/generated/openapi.ts');
const { buildOpenApi } = await import(pathToFileURL(join(root, 'apps/gateway/dist/docs/build-openapi.js')).href);

// The version of a gateway is none of its types.
const types = astToString(await describe(buildOpenApi('0'), { immutable: true }));
const text = `// Made from the gateway's OpenAPI document by \`node packages/client/scripts/write-openapi-types.mjs\`.\n${types}`;

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  process.stderr.write(
    'packages/client/src/generated/openapi.ts is not what the routes say: run node packages/client/scripts/write-openapi-types.mjs\n',
  );
  process.exit(1);
}
