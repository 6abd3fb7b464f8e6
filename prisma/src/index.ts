export * from './database-client.js';
export * from './generated/client.js';
