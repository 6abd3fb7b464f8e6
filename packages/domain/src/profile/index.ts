export * from './count-duplicate-rows.js';
export * from './feature-column.js';
export * from './feature-profile.js';
export * from './reference-profile.js';
