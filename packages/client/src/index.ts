export * from './gimbal-client.js';
