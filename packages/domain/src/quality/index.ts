export * from './assess-quality.js';
export * from './find-quality-issues.js';
export * from './quality-options.js';
export * from './quality-result.js';
