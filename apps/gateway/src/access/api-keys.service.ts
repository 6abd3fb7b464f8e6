import type { Actor, ApiKey, CreateApiKey } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError, type PageOf, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AuditRepository } from '../audit/audit.repository.js';
import { Database } from '../database/database.js';
import { ApiKeyRepository, type KeyRow, knownRoles } from './api-key.repository.js';
import { createSecret } from './api-key-secret.js';
import { KeyRing, type KnownKey } from './key-ring.service.js';

type Key = z.output<typeof ApiKey>;
type KeyRequest = z.output<typeof CreateApiKey>;

const STARTED_AT = new Date();

/** Makes, lists and revokes keys. Each change and its audit entry are one transaction. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly audit: AuditRepository,
    private readonly ring: KeyRing,
    private readonly database: Database,
  ) {}

  /**
   * Makes a key; its secret is in this answer and nowhere else.
   * @throws InvalidInputError when it would be expired from the start
   */
  async create(request: KeyRequest, actor: Actor): Promise<{ readonly key: Key; readonly secret: string }> {
    const expiresAt = request.expiresAt === undefined ? null : new Date(request.expiresAt);
    if (expiresAt && expiresAt.getTime() <= Date.now())
      throw new InvalidInputError([{ path: 'expires_at', message: 'must lie in the future' }]);
    const { secret, prefix, hash } = createSecret();
    const roles = knownRoles(request.roles);
    const row = await this.database.change(async (transaction) => {
      const added = await this.repository.add(transaction, {
        name: request.name,
        prefix,
        hash,
        roles,
        owner: request.owner ?? null,
        createdBy: actor.name,
        expiresAt,
      });
      await this.audit.append(transaction, {
        eventId: `api-key-created:${added.id}`,
        at: added.createdAt.toISOString(),
        service: 'gateway',
        actor: actor.name,
        action: 'api-key.created',
        subject: `api-key/${added.id}`,
        payload: {
          name: added.name,
          prefix,
          roles,
          owner: request.owner ?? null,
          expires_at: expiresAt?.toISOString() ?? null,
        },
      });
      return added;
    });
    this.ring.remember({ ...row, roles });
    return { key: keyOfRow(row), secret };
  }

  /**
   * Revokes a key, in this process at once and in others within `API_KEY_REFRESH`. Revoking again changes nothing.
   * @throws DomainError `api-key-not-found`; `invalid-transition` for a key of the environment
   */
  async revoke(id: string, actor: Actor): Promise<void> {
    if (this.ring.environmentKeys.some((key) => key.id === id))
      throw new DomainError('invalid-transition', 'This key is granted by ML_API_KEYS: remove it there and restart.');
    const at = new Date();
    const outcome = await this.database.change(async (transaction) => {
      const done = await this.repository.revoke(transaction, { id, by: actor.name, at });
      if (done === 'revoked')
        await this.audit.append(transaction, {
          eventId: `api-key-revoked:${id}`,
          at: at.toISOString(),
          service: 'gateway',
          actor: actor.name,
          action: 'api-key.revoked',
          subject: `api-key/${id}`,
          payload: {},
        });
      return done;
    });
    if (outcome === 'unknown') throw new DomainError('api-key-not-found', `There is no key ${id}.`);
    this.ring.forget(id);
  }

  /** Keys newest first. The first page begins with the keys of the environment, which do not count against `limit`. */
  async list(limit: number, cursor: string | undefined): Promise<PageOf<Key>> {
    const { items, nextCursor } = pageOf(await this.repository.list(limit + 1, cursor), limit, keyOfRow);
    const ofEnvironment = cursor === undefined ? this.ring.environmentKeys.map(keyOfEnvironment) : [];
    return { items: [...ofEnvironment, ...items], nextCursor };
  }
}

const keyOfRow = ({
  id,
  name,
  prefix,
  roles,
  user,
  createdBy,
  createdAt,
  expiresAt,
  lastUsedAt,
  revokedAt,
}: KeyRow): Key => ({
  id,
  name,
  prefix,
  roles: knownRoles(roles),
  owner: user?.name ?? null,
  createdBy,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});

/** Its secret was never seen, so no prefix of it is known; it exists, as far as this process can tell, since it started. */
const keyOfEnvironment = ({ id, name, roles }: KnownKey): Key => ({
  id,
  name,
  prefix: '',
  roles: [...roles],
  owner: null,
  createdBy: 'ML_API_KEYS',
  createdAt: STARTED_AT.toISOString(),
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
});
