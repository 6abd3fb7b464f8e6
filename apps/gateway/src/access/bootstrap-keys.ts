import { ROLES, Role } from '@gimbal/contracts';
import { z } from 'zod';

/** A key that the environment grants. */
export interface BootstrapKey {
  readonly name: string;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly roles: readonly Role[];
}

/** Roles of an entry that names none: what a client program needs. */
const DEFAULT_ROLES: readonly Role[] = ['predictor', 'viewer'];

/** Reads the key from the terminal, so that it does not stay in the shell's history. */
export const HASH_COMMAND = `node -e "process.stdin.once('data',d=>{console.log(require('crypto').createHash('sha256').update(String(d).trim()).digest('hex'));process.exit()})"`;

const ENTRY = /^(?<name>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}):(?<hash>[^:]*)(?::(?<roles>.*))?$/;
const Roles = z.array(z.enum(ROLES)).min(1);

const readEntry = (entry: string, position: number): string | BootstrapKey => {
  const parts = ENTRY.exec(entry)?.groups;
  // Nothing of the entry is quoted: whatever stands here may be a secret.
  const where = `entry ${position}`;
  if (!parts?.name)
    return `${where} is not name:sha256hex or name:sha256hex:role+role; hash a key with: ${HASH_COMMAND}`;
  const hash = (parts.hash ?? '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hash))
    return `${where} (${parts.name}) holds a raw key; put its SHA-256 there instead, made with: ${HASH_COMMAND}`;
  const roles = parts.roles === undefined ? DEFAULT_ROLES : Roles.safeParse(parts.roles.split('+')).data;
  if (!roles) return `${where} (${parts.name}) names an unknown role; roles are ${ROLES.join(', ')}, joined by +`;
  return { name: parts.name, hash, roles };
};

/**
 * `ML_API_KEYS`: `name:sha256hex[:role+role]`, comma-separated; without roles an entry may predict and read. A raw key is refused with
 * the command that hashes it. Each name and each key once.
 */
export function bootstrapKeysText() {
  return z
    .string()
    .max(100_000)
    .default('')
    .transform((text, context): readonly BootstrapKey[] => {
      const keys: BootstrapKey[] = [];
      const entries = text.split(',').map((entry) => entry.trim());
      for (const [index, entry] of entries.entries()) {
        if (entry === '') continue;
        const key = readEntry(entry, index + 1);
        if (typeof key === 'string') context.addIssue(key);
        else if (keys.some(({ name, hash }) => name === key.name || hash === key.hash))
          context.addIssue(`entry ${index + 1} (${key.name}) repeats a name or a key`);
        else keys.push(key);
      }
      return keys;
    });
}
