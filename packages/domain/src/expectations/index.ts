export * from './check-expectations.js';
