// Checks that schema/*.prisma says the same as migrations/: applies the migrations to a fresh database and asks Prisma's own schema
// engine, in its WebAssembly build from npm, for the difference. Prints the SQL that is missing and ends with 1 when there is one.
// Needs a built package (`pnpm build`); changes nothing.
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { startEmbeddedPostgres } from './dist/embedded/index.js';
import { applyMigrations, createDatabaseIfMissing } from './dist/index.js';

const CATALOG_CHAR_OID = 18;
const TEXT_OID = 25;

/** The engine reads columns of the catalog's type "char", which the adapter refuses: pass them as text, say they are characters. */
class CatalogReader extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const performIO = adapter.performIO.bind(adapter);
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.performIO = async (query) => {
      const result = await performIO(query);
      query.catalogChars = [];
      for (const [column, field] of (result.fields ?? []).entries()) {
        if (field.dataTypeID !== CATALOG_CHAR_OID) continue;
        query.catalogChars.push(column);
        field.dataTypeID = TEXT_OID;
      }
      return result;
    };
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const column of query.catalogChars ?? []) result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  }

  /** The inherited one would connect to the main database. */
  connectToShadowDb() {
    throw new Error('No shadow database is needed to compare.');
  }
}

async function loadEngine() {
  const root = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const glue = await import(join(root, 'schema_engine_bg.js'));
  const module = await readFile(join(root, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return glue.SchemaEngine;
}

async function readSchema() {
  const folder = join(import.meta.dirname, 'schema');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma')).sort();
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })));
}

/** The SQL that would bring the migrated database to the schema; empty when they agree. */
async function findDifference(connectionString) {
  const SchemaEngine = await loadEngine();
  const files = await readSchema();
  const datamodels = files.map(({ path, content }) => [path, content]);
  const factory = bindMigrationAwareSqlAdapterFactory(new CatalogReader({ connectionString }));
  const engine = await SchemaEngine.new({ datamodels }, () => {}, factory);
  const difference = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: import.meta.dirname },
    to: { tag: 'schemaDatamodel', files, configDir: import.meta.dirname },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return difference.exitCode === 2 ? (difference.stdout ?? 'The schema differs from the migrations.') : '';
}

/** The generated client carries the schema that it was generated from. */
async function isClientCurrent() {
  const generated = await readFile(join(import.meta.dirname, 'src', 'generated', 'internal', 'class.ts'), 'utf8');
  const inline = /"inlineSchema": ("(?:[^"\\]|\\.)*")/.exec(generated)?.[1];
  if (inline === undefined) throw new Error('The generated client does not say what it was generated from.');
  const text = JSON.parse(inline);
  return (await readSchema()).every(({ content }) => text.includes(content.trim()));
}

const directory = await mkdtemp(join(tmpdir(), 'gimbal-check-schema-'));
await chmod(directory, 0o755); // when root checks, the server is another account
const server = await startEmbeddedPostgres({ directory, durability: 'none' });
try {
  const url = server.connectionString('check_schema');
  await createDatabaseIfMissing(url);
  await applyMigrations(url);
  const difference = await findDifference(url);
  const isCurrent = await isClientCurrent();
  if (difference)
    process.stderr.write(`The migrations lack this to be the schema; add a migration with it:\n\n${difference}\n`);
  if (!isCurrent)
    process.stderr.write('The generated client is older than the schema: run `pnpm --filter @gimbal/db generate`.\n');
  if (difference || !isCurrent) process.exitCode = 1;
  else process.stdout.write('The schema, the migrations and the generated client agree.\n');
} finally {
  await server.stop();
  await Promise.all([directory, server.dataDirectory].map((path) => rm(path, { recursive: true, force: true })));
}
