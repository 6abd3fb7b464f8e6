import { createHash, randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ROLES, type Role, SERVICE_NAMES, type ServiceName } from '@gimbal/contracts';
import { z } from 'zod';

const Secrets = z.object({
  databasePasswords: z.record(z.enum(SERVICE_NAMES), z.string().min(20)),
  serviceKeys: z.record(z.enum(SERVICE_NAMES), z.string().min(20)),
  apiKeys: z.record(z.enum(ROLES), z.string().min(20)),
});
/** What the parts of one installation know of each other; made on the first start, kept in `GIMBAL_HOME/secrets.json` (0600). */
export type Secrets = z.infer<typeof Secrets>;

const random = (): string => randomBytes(32).toString('base64url');
const forEach = <K extends string>(names: readonly K[], make: (name: K) => string): Record<K, string> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, string>; // one entry per name

/** Reads the installation's secrets, or makes them. Throws when the file is there and is not what was written. */
export async function loadSecrets(home: string): Promise<Secrets> {
  const file = join(home, 'secrets.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return Secrets.parse(JSON.parse(text));
  const secrets: Secrets = {
    databasePasswords: forEach(SERVICE_NAMES, random),
    serviceKeys: forEach(SERVICE_NAMES, random),
    apiKeys: forEach(ROLES, (role) => `gimbal-${role}-${random()}`),
  };
  await writePrivately(file, secrets);
  return secrets;
}

/** Writes JSON that only the owner may read; it is there whole or not at all. */
export async function writePrivately(file: string, value: unknown): Promise<void> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, file);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `name:sha256hex:role` for each first key: the form that the gateway's `ML_API_KEYS` takes. */
export function bootstrapKeys(apiKeys: Secrets['apiKeys']): string {
  return ROLES.map((role: Role) => `${role}:${sha256(apiKeys[role])}:${role}`).join(',');
}

/** `name:sha256hex` of the first key that predicts: the form that `SERVING_HTTP_KEYS` takes. */
export const predictKey = (apiKeys: Secrets['apiKeys']): string => `predictor:${sha256(apiKeys.predictor)}`;

/** What the secrets of webhooks are encrypted with. Derived, so that installations of before have one, too. */
export const webhookSecretKey = (serviceKeys: Secrets['serviceKeys']): string =>
  sha256(`webhook secrets ${serviceKeys.registry}`);

/** Who each service takes calls from; everybody else is refused. */
const TRUSTED: Record<ServiceName, readonly ServiceName[]> = {
  gateway: [],
  serving: ['gateway', 'training', 'registry', 'monitoring', 'agent'],
  training: ['gateway'],
  registry: ['gateway', 'serving', 'training', 'monitoring', 'agent'],
  monitoring: ['gateway', 'agent'],
  agent: ['gateway'],
};

/** `name:sha256hex,…` of the callers that a service trusts. */
export function trustedCallers(service: ServiceName, serviceKeys: Secrets['serviceKeys']): string {
  return TRUSTED[service].map((caller) => `${caller}:${sha256(serviceKeys[caller])}`).join(',');
}

/** The services that a service may call: those that trust it. It is told the addresses of these and of no others. */
export function calledBy(caller: ServiceName): ServiceName[] {
  return SERVICE_NAMES.filter((service) => TRUSTED[service].includes(caller));
}
