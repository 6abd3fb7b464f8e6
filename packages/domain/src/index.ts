export * from './errors/domain-error.js';
export * from './performance/index.js';
export * from './profile/index.js';
export * from './statistics/index.js';
