import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROLES, type Role } from '@gimbal/contracts';
import { z } from 'zod';
import { GimbalClient } from '../gimbal-client.js';
import { UsageError } from './exit-code.js';
import { readLogin } from './stored-login.js';

/** How the command line finds the gateway and a key. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly apiKey?: string;
  /** Folder of a local installation; undefined: not named, the default is looked into last. */
  readonly home?: string;
}

const DEFAULT_HOME = '.gimbal';

const Runtime = z.object({ gateway: z.url() });
const Credentials = z.record(z.enum(ROLES), z.string());

/**
 * A client from `--url`/`GIMBAL_URL` and `GIMBAL_API_KEY`; else of the installation in `--home`/`GIMBAL_HOME`; else from `gimbal login`; else of
 * the installation in the present folder. A key that was found is sent to the address it was found with alone.
 * @throws UsageError when there is nothing to connect to, or no key for it
 */
export function connect({ url, apiKey, home }: ConnectionFlags, role: Role): GimbalClient {
  const login = home === undefined ? readLogin() : undefined;
  const local = resolve(home ?? DEFAULT_HOME);
  const address = url ?? login?.url ?? readGateway(local);
  if (apiKey !== undefined) return new GimbalClient({ url: address, apiKey });
  if (login && sameAddress(login.url, address)) return new GimbalClient(login);
  if (!sameAddress(readGateway(local), address))
    throw new UsageError(`there is no key for ${address}: set GIMBAL_API_KEY, or log in with \`gimbal login --url\`.`);
  return new GimbalClient({ url: address, apiKey: readKey(local, role) });
}

const sameAddress = (one: string, other: string): boolean => new URL(one).href === new URL(other).href;

function readGateway(home: string): string {
  const hint =
    'log in with `gimbal login --url ADDRESS`, start Gimbal here with `npm start`, or give --url and GIMBAL_API_KEY.';
  return read(join(home, 'runtime.json'), Runtime, hint).gateway;
}

/** Of the keys of an installation that of the least role that the command needs. */
function readKey(home: string, role: Role): string {
  return read(join(home, 'credentials.json'), Credentials, 'log in with `gimbal login`, or set GIMBAL_API_KEY.')[role];
}

function read<S extends z.ZodType>(file: string, schema: S, hint: string): z.output<S> {
  if (!existsSync(file)) throw new UsageError(`there is no ${file}: ${hint}`);
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} is not what an installation writes: ${hint}`);
}
