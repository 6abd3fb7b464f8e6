export { type EventuallyOptions, eventually } from './eventually.js';
export { startTestDatabase, type TestDatabase } from './test-database.js';
