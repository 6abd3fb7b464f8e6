export * from './assess-performance.js';
export * from './assess-predictions.js';
export * from './calibration.js';
export * from './classification-metrics.js';
export * from './performance-baseline.js';
export * from './performance-result.js';
export * from './row-losses.js';
export * from './scored-rows.js';
