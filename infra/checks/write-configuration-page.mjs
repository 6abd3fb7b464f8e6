// Writes docs/configuration.md from the services' own config definitions; `--check` only tells whether the page is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/configuration.md');
const built = (path) => import(pathToFileURL(join(root, path)).href);
const { completeConfig, describeConfig } = await built('packages/platform/dist/index.js');

const SERVICES = ['gateway', 'serving', 'training', 'registry', 'monitoring', 'agent'];
const isDefinition = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((group) => group?.settings && group?.title);

const rows = new Map();
for (const service of SERVICES) {
  const definitions = Object.values(await built(`apps/${service}/dist/config.js`)).filter(isDefinition);
  if (definitions.length !== 1)
    throw new Error(
      `apps/${service}/src/config.ts must export exactly one config definition, not ${definitions.length}`,
    );
  for (const row of describeConfig(completeConfig(definitions[0]))) {
    // Two services may read one variable with another default or meaning: then it has a row for each.
    const key = JSON.stringify([row.group, row.name, row.default, row.description]);
    rows.set(key, { ...row, services: [...(rows.get(key)?.services ?? []), service] });
  }
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const groups = Map.groupBy(rows.values(), ({ group }) => group);
const sections = [...groups].map(([title, settings]) => {
  const lines = settings.map(({ name, default: fallback, unit, description, secret, services }) => {
    const shown =
      fallback === 'required' || fallback === 'none'
        ? fallback
        : fallback === ''
          ? 'empty'
          : `\`${fallback}\`${unit ? ` ${unit}` : ''}`;
    const who = services.length === SERVICES.length ? 'all' : services.join(', ');
    return `| \`${name}\` | ${cell(shown)} | ${who} | ${cell(description)}${secret ? ' Secret: never logged.' : ''} |`;
  });
  return `## ${title}\n\n| Variable | Default | Read by | Meaning |\n|---|---|---|---|\n${lines.join('\n')}\n`;
});

const text = `# Configuration

Every setting is an environment variable, read once at the start; all mistakes are listed together and the service ends with exit code 78. This page
is made from the definitions in the code by \`node infra/checks/write-configuration-page.mjs\`.

## The starter (\`npm start\`, \`npm run demo\`)

| Variable | Default | Meaning |
|---|---|---|
| \`GIMBAL_HOME\` | \`.gimbal\` | Folder of PostgreSQL's cluster, secrets, logs, artifacts and spool. |
| \`API_HOST\`, \`API_PORT\` | \`127.0.0.1\`, \`8000\` | Where the gateway listens; port 0 takes a free one. |
| \`GRPC_PORT\` | a free one | Where the gateway takes gRPC, on the same host; \`runtime.json\` in \`GIMBAL_HOME\` says which it is. |
| \`MLFLOW_PORT\` | \`5000\` if it is free | Where the gateway speaks MLflow's REST and nothing else, on the same host; 0: nowhere but on its main port. |
| \`DATABASE_URL\` | none | A PostgreSQL of your own instead of the embedded one; the role must be allowed to create roles (and, for the demo, databases). |
| \`REDIS_URL\` or \`REDIS_HOST\` … | none | Redis for jobs and rate limits instead of PostgreSQL and memory. |
| \`SERVING_REPLICAS\` | \`1\` | Serving processes that share the predictions, 1 to 16, each with a log of its own. |
| \`GIMBAL_DATA_DIR\` | none | Folder with the datasets' files; \`npm run demo -- --data DIR\` sets it. |
| \`RATE_LIMIT_REQUESTS\` | \`6000\` | The starter's own default: the door is open to this machine only. |

The starter gives every service its addresses, keys and database role; a variable of its environment that is not listed above is passed on to all.

${sections.join('\n')}`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write(
    'docs/configuration.md is not what the definitions say: run node infra/checks/write-configuration-page.mjs\n',
  );
  process.exit(1);
}
