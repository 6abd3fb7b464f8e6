export * from './errors/domain-error.js';
export * from './lifecycle/index.js';
export * from './performance/index.js';
export * from './profile/index.js';
export * from './statistics/index.js';
