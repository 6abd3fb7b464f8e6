export * from './check-expectations.js';
export * from './row-fingerprints.js';
