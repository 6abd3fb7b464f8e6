import { expect, it } from '@jest/globals';
import { describeFrameAddress, frameAddressText, parseFrameAddress } from './frame-address.js';

it.each([
  ['127.0.0.1:7001', { host: '127.0.0.1', port: 7001 }],
  ['[::1]:7001', { host: '::1', port: 7001 }],
  ['serving.local:0', { host: 'serving.local', port: 0 }],
  ['/run/gimbal/serving.sock', { path: '/run/gimbal/serving.sock' }],
])('%s is an address', (text, address) => {
  expect(parseFrameAddress(text)).toEqual(address);
  expect(describeFrameAddress(address)).toBe(text);
});

it.each(['', 'host', 'host:', ':1', 'host:65536', '::1:7001', 'a b:1', 'http://host:1', `/${'x'.repeat(200)}`])(
  '"%s" is not, and the message says what is',
  (text) => {
    expect(frameAddressText.safeParse(text).error?.issues[0]?.message).toMatch(/host:port/);
    expect(() => parseFrameAddress(text)).toThrow();
  },
);
