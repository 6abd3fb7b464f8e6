import { availableParallelism } from 'node:os';

// One configuration for every suite. Workspace packages are read from their sources (export condition `gimbal-source`),
// so a test never sees a stale build; the built `dist` is exercised by the suites that start real processes.
export default {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/apps', '<rootDir>/packages', '<rootDir>/prisma', '<rootDir>/infra', '<rootDir>/bench'],
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  // The package as it is published carries the name of the one it is built from.
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/packages/client/package/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.mjs',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['gimbal-source', 'node', 'node-addons'] },
  // Suites wait for processes more than they compute; each starts some of its own, so many at once would only starve each other.
  maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
  // Node's vm never frees the modules of a finished suite: a worker that holds too many is slower from suite to suite, and is replaced.
  workerIdleMemoryLimit: '1200MB',
  // No measure of speed: a test on a busy machine takes its time, one that hangs must end some day.
  testTimeout: 300_000,
};
