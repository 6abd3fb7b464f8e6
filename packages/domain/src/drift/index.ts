export * from './align-categories.js';
export * from './assess-drift.js';
export * from './assess-feature-drift.js';
export * from './drift-options.js';
export * from './drift-result.js';
export * from './measure-distribution.js';
