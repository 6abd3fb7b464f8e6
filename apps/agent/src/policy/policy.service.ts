import { type Actor, type AgentPolicy as AgentPolicyWire, hasRole } from '@gimbal/contracts';
import { toJson } from '@gimbal/db';
import { DEFAULT_AGENT_POLICY, DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { DEFAULT_POLICY_NAME, readPolicy } from './policy.repository.js';

type NamedPolicy = z.output<typeof AgentPolicyWire>;

/** Revision of the default policy before anybody set one. */
const BUILT_IN_REVISION = 0;

/** The rules that operators give the agent. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** All that were set, and the default one, set or built in. */
  async list(): Promise<{ items: NamedPolicy[]; nextCursor: null }> {
    const rows = await this.database.reader.agentPolicy.findMany({ orderBy: { name: 'asc' } });
    const items = rows.map(({ name, policy, revision }) => ({ name, ...readPolicy(policy), revision }));
    const isDefaultSet = items.some(({ name }) => name === DEFAULT_POLICY_NAME);
    const builtIn = { name: DEFAULT_POLICY_NAME, ...DEFAULT_AGENT_POLICY, revision: BUILT_IN_REVISION };
    return { items: isDefaultSet ? items : [builtIn, ...items], nextCursor: null };
  }

  /**
   * Sets a policy whose present revision the caller names: 0 when it was never set.
   * @throws DomainError `role-required`; `revision-conflict` when somebody set it meanwhile; `model-not-found`
   */
  async put(wanted: NamedPolicy, actor: Actor): Promise<NamedPolicy> {
    if (!hasRole(actor.roles, 'admin'))
      throw new DomainError('role-required', 'Setting a policy needs the role admin.');
    const { name, revision: expected, ...policy } = wanted;
    return await this.database.changeInTurn(`policy:${name}`, async (tx) => {
      if (name !== DEFAULT_POLICY_NAME && !(await tx.model.findUnique({ where: { name }, select: { id: true } })))
        throw new DomainError(
          'model-not-found',
          `There is no model ${name}; the policy for all others is called ${DEFAULT_POLICY_NAME}.`,
        );
      const present = await tx.agentPolicy.findUnique({ where: { name } });
      if ((present?.revision ?? BUILT_IN_REVISION) !== expected)
        throw new DomainError(
          'revision-conflict',
          `The policy has revision ${present?.revision ?? BUILT_IN_REVISION} now.`,
        );
      const revision = expected + 1;
      const data = { policy: toJson(policy), revision, updatedBy: actor.name };
      await tx.agentPolicy.upsert({ where: { name }, create: { name, ...data }, update: data });
      await this.audit.record(tx, {
        action: 'policy.changed',
        key: `${name}:${revision}`,
        subject: `policy:${name}`,
        actor: actor.name,
        at: new Date(),
        payload: { revision, before: present?.policy ?? null, policy },
      });
      return { name, ...readPolicy(policy), revision };
    });
  }
}
