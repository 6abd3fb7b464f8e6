import { ROUTES } from '@gimbal/contracts';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

const own = Object.entries(ROUTES).filter(([, { owner }]) => owner === 'registry');

it.each(own.map(([name, { method, path }]) => ({ name, method, path })))(
  '$name is served: $method $path',
  ({ method, path }) => {
    expect(registry.app.getHttpAdapter().getInstance().hasRoute({ method, url: path })).toBe(true);
  },
);

it('nothing is served to a caller without a key', async () => {
  const answers = await Promise.all(
    own.map(([, { method, path }]) => registry.app.inject({ method, url: path.replace(/:\w+/g, 'x') })),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
});
