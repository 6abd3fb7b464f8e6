export * from './feature-column.js';
export * from './feature-profile.js';
export * from './reference-profile.js';
