import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { calledBy } from './secrets.js';

const file = readFileSync(join(import.meta.dirname, '../../../../docker-compose.yml'), 'utf8');

/** The lines below `NAME:` in the list of services, which are indented further than it. */
function blockOf(service: ServiceName): string {
  const [, block] = new RegExp(`^  ${service}:.*\\n((?:    .*\\n|\\n)+)`, 'm').exec(file) ?? [];
  if (block === undefined) throw new Error(`docker-compose.yml has no ${service}`);
  return block;
}

it.each(SERVICE_NAMES)(
  'docker-compose.yml gives %s the addresses of those it calls, and lets it in there',
  (caller) => {
    const called = calledBy(caller);
    const addressed = SERVICE_NAMES.filter((other) =>
      new RegExp(`^ +${other.toUpperCase()}_URL:`, 'm').test(blockOf(caller)),
    );
    const trusting = SERVICE_NAMES.filter((other) =>
      blockOf(other).includes(`{SERVICE_KEY_SHA256_${caller.toUpperCase()}}`),
    );
    expect({ addressed, trusting }).toEqual({ addressed: called, trusting: called });
  },
);
