import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROLES, type Role } from '@gimbal/contracts';
import { z } from 'zod';
import { GimbalClient } from './gimbal-client.js';

/** How the command line finds the gateway and a key. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly apiKey?: string;
  readonly home: string;
}

const Runtime = z.object({ gateway: z.url() });
const Credentials = z.record(z.enum(ROLES), z.string());

/**
 * A client from `--url`/`GIMBAL_URL` and `GIMBAL_API_KEY`, or from the local installation's `runtime.json` and `credentials.json`,
 * of which it takes the key of the least role that the command needs.
 */
export function connect(flags: ConnectionFlags, role: Role): GimbalClient {
  const home = resolve(flags.home);
  const url =
    flags.url ??
    read(join(home, 'runtime.json'), Runtime, 'is Gimbal running here? Start it with `npm start`, or give --url.')
      .gateway;
  const apiKey = flags.apiKey ?? read(join(home, 'credentials.json'), Credentials, 'set GIMBAL_API_KEY.')[role];
  return new GimbalClient({ url, apiKey });
}

function read<S extends z.ZodType>(file: string, schema: S, hint: string): z.output<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} can't be read: ${hint}`);
  }
  return schema.parse(JSON.parse(text));
}
