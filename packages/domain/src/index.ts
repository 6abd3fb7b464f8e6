export * from './audit/index.js';
export * from './errors/domain-error.js';
export * from './lifecycle/index.js';
export * from './performance/index.js';
export * from './profile/index.js';
export * from './statistics/index.js';
export * from './drift/index.js';
export * from './quality/index.js';
