// The walls of the house (docs/architecture.md). Each rule says why it stands; a planted violation under infra/checks proves that it bites.
const anApp = '(^|/)apps/([^/]+)/';
const notSpec = '\\.(int-)?spec\\.ts$|(^|/)test/|conformance\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two modules that need each other are one module in two files: neither can be read, tested or replaced alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-imports-nothing',
      comment:
        'A formula is right or wrong by itself: its tests take milliseconds, it runs in workers and in the browser.',
      severity: 'error',
      from: { path: '(^|/)packages/domain/src', pathNot: notSpec },
      to: { pathNot: '(^|/)packages/domain/src' },
    },
    {
      name: 'learning-imports-domain-only',
      comment:
        'The kernel can be tested against published results alone, and run in a worker, a CLI or a job container.',
      severity: 'error',
      from: { path: '(^|/)packages/learning/src', pathNot: notSpec },
      to: { pathNot: '(^|/)packages/(learning|domain)/src' },
    },
    {
      name: 'tabular-reads-and-no-more',
      comment:
        'Two services read the same files; a reader that knew either, or its framework, would tie them together.',
      severity: 'error',
      from: { path: '(^|/)packages/tabular/src', pathNot: notSpec },
      to: {
        path: '(^|/)(apps/|prisma/|packages/(?!tabular|contracts|domain))|node_modules/(@nestjs|@prisma|undici|fastify)/',
      },
    },
    {
      name: 'contracts-import-domain-and-zod',
      comment:
        'Both ends of a message compile from one text; the client and the dashboard read it too, so it stays light.',
      severity: 'error',
      from: { path: '(^|/)packages/contracts/src', pathNot: notSpec },
      to: { pathNot: '(^|/)packages/(contracts|domain)/src|node_modules/zod/' },
    },
    {
      name: 'platform-knows-no-feature',
      comment:
        'Replacing a framework touches one folder; plumbing that knows a feature or its tables could not be replaced.',
      severity: 'error',
      from: { path: '(^|/)packages/platform/src', pathNot: notSpec },
      to: { path: '(^|/)(apps/|prisma/src|packages/(learning|client|testing)/)' },
    },
    {
      name: 'db-stands-alone',
      comment: 'The schema is read by every service; what it imports, everybody imports.',
      severity: 'error',
      from: { path: '(^|/)prisma/src', pathNot: notSpec },
      to: { path: '(^|/)(apps|packages)/' },
    },
    {
      name: 'no-app-imports-another',
      comment: 'A service is restarted, scaled and replaced alone; services meet in contracts.',
      severity: 'error',
      from: { path: anApp },
      to: { path: anApp, pathNot: '(^|/)apps/$2/' },
    },
    {
      name: 'learning-only-in-training',
      comment:
        'Only training learns; the others would drag the kernel along. The one thread of serving that explains reads the kernel, and no other file of it (decision 0012).',
      severity: 'error',
      from: {
        path: '(^|/)apps/(gateway|serving|registry|monitoring|agent)/src',
        pathNot: `${notSpec}|(^|/)apps/serving/src/explain/explain-worker\\.ts$`,
      },
      to: { path: '(^|/)packages/learning/' },
    },
    {
      name: 'serving-without-database',
      comment: 'Prediction must not depend on PostgreSQL.',
      severity: 'error',
      from: { path: '(^|/)apps/(serving|dashboard)/', pathNot: notSpec },
      to: { path: '(^|/)prisma/|node_modules/(@prisma|pg)/|^(pg|@prisma/client)$' },
    },
    {
      name: 'client-stays-small',
      comment: 'What users install has contracts and nothing of the server.',
      severity: 'error',
      from: { path: '(^|/)packages/client/src', pathNot: notSpec },
      to: { path: '(^|/)(apps/|prisma/|packages/(platform|learning|testing)/)' },
    },
    {
      name: 'mlflow-client-stands-alone',
      comment: 'Anybody with an MLflow server can use it; what it imported of ours, they would install.',
      severity: 'error',
      from: { path: '(^|/)packages/mlflow-client/src', pathNot: notSpec },
      to: { path: '(^|/)(apps|prisma|infra|packages/(?!mlflow-client))/' },
    },
    {
      name: 'fakes-do-not-ship',
      comment: 'What stands in for real parts in tests must not be reachable from production code.',
      severity: 'error',
      from: {
        path: '(^|/)(apps|packages|prisma|infra)/',
        pathNot: `${notSpec}|(^|/)(packages/testing|prisma/src/testing)/`,
      },
      to: { path: '(^|/)(packages/testing|prisma/src/testing)/' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that resolves to nothing would make every other rule pass by accident.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|(^|/)dist/' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['gimbal-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json'],
    },
  },
};
