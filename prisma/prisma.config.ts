import { defineConfig } from 'prisma/config';

// `env()` of Prisma throws when the variable is missing, even for `generate`, which needs no database.
export default defineConfig({
  schema: 'schema',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
