export * from './audit-chain.js';
export { canonicalJson } from './canonical-json.js';
