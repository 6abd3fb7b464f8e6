import { createHash } from 'node:crypto';
import type { Actor } from '@gimbal/contracts';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { type BuiltService, buildService } from '../start-service/build-service.js';
import { defineService } from '../start-service/service-definition.js';
import { decodeActor, encodeActor } from './actor-header.js';
import { CallableBy } from './callable-by.js';
import { Caller, CurrentActor } from './caller.decorators.js';
import { isLoopback } from './open-route.js';

const KEYS = { gateway: 'gateway-key-0123456789', agent: 'agent-key-0123456789' };
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const alice: Actor = { id: 'key-1', name: 'Zoë', roles: ['operator'] };

@Controller()
class WhoController {
  @Get('who')
  who(@Caller() caller: string, @CurrentActor() actor: Actor) {
    return { caller, actor };
  }

  @Get('agent-only')
  @CallableBy('agent')
  agentOnly() {
    return {};
  }
}

@Module({ controllers: [WhoController] })
class WhoModule {}

let service: BuiltService<Record<never, never>>;
const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers });
const as = (name: keyof typeof KEYS) => ({ authorization: `Bearer ${KEYS[name]}` });

beforeAll(async () => {
  const definition = defineService({ name: 'registry', config: {}, door: 'internal', module: () => WhoModule });
  const env = {
    LOG_LEVEL: 'silent',
    GIMBAL_TRUSTED_CALLERS: `gateway:${sha256(KEYS.gateway)}, agent:${sha256(KEYS.agent)}`,
  };
  service = await buildService(definition, { env });
});
afterAll(() => service.app.close());

it('lets a trusted service in and knows it by name', async () => {
  const reply = await get('/who', as('gateway'));
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toEqual({ caller: 'gateway', actor: { id: 'service:gateway', name: 'gateway', roles: [] } });
});

it('believes a trusted service whom it acts for', async () => {
  expect((await get('/who', { ...as('gateway'), 'x-gimbal-actor': encodeActor(alice) })).json()).toEqual({
    caller: 'gateway',
    actor: alice,
  });
});

it.each([
  ['no key', {}, 'missing-api-key'],
  ['an actor but no key', { 'x-gimbal-actor': encodeActor(alice) }, 'missing-api-key'],
  ['another scheme', { authorization: `Basic ${KEYS.gateway}` }, 'missing-api-key'],
  ['a wrong key', { authorization: 'Bearer gateway-key-0123456788' }, 'invalid-api-key'],
  ['the digest instead of the key', { authorization: `Bearer ${sha256(KEYS.gateway)}` }, 'invalid-api-key'],
])('answers 401 to %s', async (_what, headers, code) => {
  const reply = await get('/who', headers);
  expect({ status: reply.statusCode, code: reply.json().code }).toEqual({ status: 401, code });
});

it('answers 403 to a trusted service where another is wanted', async () => {
  expect((await get('/agent-only', as('gateway'))).json()).toMatchObject({ status: 403, code: 'caller-not-trusted' });
  expect((await get('/agent-only', as('agent'))).statusCode).toBe(200);
});

it('lets nobody in when nobody is trusted', async () => {
  const closed = await buildService(
    defineService({ name: 'registry', config: {}, door: 'internal', module: () => WhoModule }),
    { env: { LOG_LEVEL: 'silent' } },
  );
  expect((await closed.app.inject({ url: '/who', headers: as('gateway') })).statusCode).toBe(401);
  expect((await closed.app.inject({ url: '/health/live' })).statusCode).toBe(200);
  await closed.app.close();
});

it('ignores an actor header that is not one', () => {
  for (const bad of [
    '',
    'not base64 json',
    Buffer.from('{"id":1}').toString('base64url'),
    'A'.repeat(10_000),
    ['a', 'b'],
  ])
    expect(decodeActor(bad)).toBeUndefined();
  expect(decodeActor(encodeActor(alice))).toEqual(alice);
});

it('tells this machine from others by the address of the connection', () => {
  for (const here of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(isLoopback(here)).toBe(true);
  for (const there of [undefined, '10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.evil.test', '2001:db8::1'])
    expect(isLoopback(there)).toBe(false);
});
