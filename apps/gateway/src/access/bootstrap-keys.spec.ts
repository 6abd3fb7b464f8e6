import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { ConfigError, parseConfig } from '@gimbal/platform';
import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../config.js';
import { bootstrapKeysText, HASH_COMMAND } from './bootstrap-keys.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const parse = (text: string | undefined) => bootstrapKeysText().safeParse(text);
const messages = (text: string) => parse(text).error?.issues.map(({ message }) => message) ?? [];

describe('ML_API_KEYS', () => {
  it('grants predictor and viewer to an entry without roles, and the roles it names to others', () => {
    const text = ` app:${sha256('a')} , ops@example.org:${sha256('b').toUpperCase()}:operator+approver,`;
    expect(parse(text).data).toEqual([
      { name: 'app', hash: sha256('a'), roles: ['predictor', 'viewer'] },
      { name: 'ops@example.org', hash: sha256('b'), roles: ['operator', 'approver'] },
    ]);
    expect(parse(undefined).data).toEqual([]);
  });

  it('refuses a raw key at start, in one line that shows how to hash it and does not repeat it', () => {
    const env = {
      ML_API_KEYS: 'app:my-raw-key-123',
      DATABASE_URL: 'postgres://localhost/x',
      GIMBAL_SERVICE_KEY: 'x'.repeat(20),
    };
    const urls = Object.fromEntries(
      ['REGISTRY', 'TRAINING', 'MONITORING', 'AGENT', 'SERVING'].map((name) => [`${name}_URL`, 'http://localhost:1']),
    );
    let lines: readonly string[] = [];
    try {
      parseConfig(gatewayConfig, { ...env, ...urls });
    } catch (error) {
      if (error instanceof ConfigError) lines = error.lines;
    }
    expect(lines).toEqual([
      `ML_API_KEYS: entry 1 (app) holds a raw key; put its SHA-256 there instead, made with: ${HASH_COMMAND}`,
    ]);
    expect(lines.join()).not.toContain('my-raw-key-123');
  });

  it('shows a command that works', () => {
    const { stdout } = spawnSync('sh', ['-c', HASH_COMMAND.replace(/^node/, `'${process.execPath}'`)], {
      input: 'my-raw-key-123\n',
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(sha256('my-raw-key-123'));
  });

  it.each([
    ['an entry that is no pair', 'my-raw-key-123', 'entry 1 is not name:sha256hex'],
    ['a role that is none', `app:${sha256('a')}:root`, 'unknown role'],
    ['no role after the colon', `app:${sha256('a')}:`, 'unknown role'],
    ['a name twice', `app:${sha256('a')},app:${sha256('b')}`, 'entry 2 (app) repeats'],
    ['a key twice', `one:${sha256('a')},two:${sha256('a')}`, 'entry 2 (two) repeats'],
  ])('refuses %s', (_name, text, expected) => {
    expect(messages(text).join()).toContain(expected);
    expect(messages(text).join()).not.toContain('my-raw-key-123');
  });
});
