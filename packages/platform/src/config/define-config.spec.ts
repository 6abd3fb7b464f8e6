import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, configGroup, defineConfig, describeConfig, parseConfig } from './define-config.js';
import { httpConfig } from './http.config.js';
import { queueConfig } from './queue.config.js';
import { serviceAuthConfig } from './service-auth.config.js';
import { flagText, integerText, numberText, secretSetting, setting, urlText } from './setting.js';

const definition = defineConfig({
  batch: configGroup('Batching', {
    maxRows: setting('BATCH_MAX_ROWS', integerText(1, 512).default(64), {
      description: 'Rows in one batch.',
      unit: 'rows',
    }),
    share: setting('BATCH_SHARE', numberText(0, 1).default(0.5), { description: 'Share of the time.' }),
    sync: setting('BATCH_SYNC', flagText().default(false), { description: 'Syncs each batch.' }),
  }),
  peer: configGroup('Peer', {
    url: setting('PEER_URL', urlText('http:', 'https:'), { description: 'Where the peer is.' }),
    key: secretSetting('PEER_KEY', z.string().min(20), { description: 'Key of the peer.' }),
  }),
});

const failureOf = (env: Record<string, string>): readonly string[] => {
  try {
    parseConfig(definition, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

it('reads text into nested, typed values with defaults', () => {
  const config = parseConfig(definition, {
    PEER_URL: 'http://peer:80',
    PEER_KEY: 'k'.repeat(20),
    BATCH_SYNC: 'yes',
    BATCH_MAX_ROWS: ' 8 ',
    BATCH_SHARE: '',
  });
  expect(config).toEqual({
    batch: { maxRows: 8, share: 0.5, sync: true },
    peer: { url: 'http://peer:80', key: 'k'.repeat(20) },
  });
});

it('lists all mistakes at once, without the value of a secret', () => {
  expect(
    failureOf({ BATCH_MAX_ROWS: '1e3', BATCH_SHARE: 'NaN', BATCH_SYNC: 'maybe', PEER_KEY: 'short-secret' }),
  ).toEqual([
    'BATCH_MAX_ROWS: must be a whole number (got "1e3")',
    'BATCH_SHARE: must be a number (got "NaN")',
    'BATCH_SYNC: must be true or false (got "maybe")',
    'PEER_URL: is required. Where the peer is.',
    expect.stringMatching(/^PEER_KEY: (?!.*short-secret)/),
  ]);
});

it.each([
  ['0', 'must be between 1 and 512'],
  ['513', 'must be between 1 and 512'],
  ['1.5', 'must be a whole number'],
  ['0x10', 'must be a whole number'],
  ['99999999999999999999', 'must be a whole number'],
])('refuses %s where a number of rows is wanted', (text, message) => {
  expect(failureOf({ BATCH_MAX_ROWS: text, PEER_URL: 'http://peer', PEER_KEY: 'k'.repeat(20) })).toEqual([
    `BATCH_MAX_ROWS: ${message} (got "${text}")`,
  ]);
});

it('refuses a URL of another protocol', () => {
  expect(failureOf({ PEER_URL: 'file:///etc/passwd', PEER_KEY: 'k'.repeat(20) })[0]).toContain(
    'PEER_URL: must be a URL that starts with http:// or https://',
  );
});

it('refuses a variable that is read in two ways', () => {
  const one = configGroup('One', { a: setting('SAME', integerText(0, 1), { description: 'a' }) });
  const two = configGroup('Two', { b: setting('SAME', flagText(), { description: 'b' }) });
  expect(() => defineConfig({ one, two })).toThrow('SAME is read in two ways');
});

it('documents every setting with its type, default, unit and secrecy', () => {
  expect(describeConfig(definition)).toEqual([
    {
      group: 'Batching',
      name: 'BATCH_MAX_ROWS',
      type: 'integer 1 to 512',
      default: '64',
      unit: 'rows',
      description: 'Rows in one batch.',
      secret: false,
    },
    {
      group: 'Batching',
      name: 'BATCH_SHARE',
      type: 'number 0 to 1',
      default: '0.5',
      unit: undefined,
      description: 'Share of the time.',
      secret: false,
    },
    {
      group: 'Batching',
      name: 'BATCH_SYNC',
      type: 'true | false',
      default: 'false',
      unit: undefined,
      description: 'Syncs each batch.',
      secret: false,
    },
    {
      group: 'Peer',
      name: 'PEER_URL',
      type: 'URL',
      default: 'required',
      unit: undefined,
      description: 'Where the peer is.',
      secret: false,
    },
    {
      group: 'Peer',
      name: 'PEER_KEY',
      type: 'text',
      default: 'required',
      unit: undefined,
      description: 'Key of the peer.',
      secret: true,
    },
  ]);
  expect(describeConfig({ httpConfig, queueConfig }).find(({ name }) => name === 'PORT')).toMatchObject({
    default: '0',
    type: 'integer 0 to 65535',
  });
  expect(describeConfig({ serviceAuthConfig }).find(({ name }) => name === 'GIMBAL_TRUSTED_CALLERS')).toMatchObject({
    default: '',
  });
  expect(describeConfig({ queueConfig }).find(({ name }) => name === 'REDIS_URL')).toMatchObject({
    default: 'none',
    secret: true,
    type: 'URL',
  });
});
