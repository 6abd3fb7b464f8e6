import type { Actor, TrafficPlan, TrafficState } from '@gimbal/contracts';
import { GateVerdict } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { checkTrafficPlan, DomainError, requireServable, type TrafficFacts, versionsInPlan } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { VERSION_PARTS, type VersionRow } from '../models/show-version.js';
import { findLiveVersion, lockModel, requireModel } from '../models/version.repository.js';
import { PromotionJudge } from '../promotion-policy/promotion-judge.js';
import { addPlan, findPlan, type PlanInForce } from './traffic-plan.repository.js';
import { TrafficWatch } from './traffic-watch.js';

type State = z.output<typeof TrafficState>;

/** A plan that somebody wants instead of the one that they read. */
export interface PlanChange {
  readonly model: string;
  readonly plan: TrafficPlan;
  /** The revision that was read. */
  readonly revision: number;
  readonly actor: Actor;
}

/** How the requests of a model are spread over its versions. */
@Injectable()
export class TrafficService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly watch: TrafficWatch,
    private readonly judge: PromotionJudge,
  ) {}

  /** @throws DomainError `model-not-found` */
  async get(model: string): Promise<State> {
    return showState(model, await this.planOf(this.database.reader, model));
  }

  /**
   * Changes canary, shadows or A/B arms. `live` must be what it is.
   * @throws DomainError `model-not-found`; `revision-conflict` when the plan is not the one that was read; `invalid-traffic-plan`,
   *   `version-not-servable`
   */
  async put({ model, plan, revision, actor }: PlanChange): Promise<State> {
    const state = await this.database.change(async (tx) => {
      await lockModel(tx, model);
      const present = await this.planOf(tx, model);
      if (present.revision !== revision) {
        throw new DomainError(
          'revision-conflict',
          `The plan is at revision ${present.revision}. Read it again and decide anew.`,
        );
      }
      const faults = checkTrafficPlan(plan, await this.readFacts(tx, { model, plan, live: present.plan.live, actor }));
      if (faults.length > 0) {
        throw new DomainError(
          'invalid-traffic-plan',
          faults.map(({ path, message }) => `${path}: ${message}`).join(' '),
        );
      }
      const at = new Date();
      const next = await addPlan(tx, { model, plan, actor: actor.name, reason: 'Set by hand.', at });
      await this.audit.record(tx, {
        action: 'traffic.changed',
        key: `${model}:${next}`,
        subject: auditSubject(model, null),
        actor: actor.name,
        at,
        payload: { revision: next, from: present.plan, to: plan },
      });
      return showState(model, { revision: next, plan, at });
    });
    this.watch.changed();
    return state;
  }

  private async planOf(db: DatabaseReader, model: string): Promise<PlanInForce> {
    const present = await findPlan(db, model);
    if (present) return present;
    await requireModel(db, model);
    throw new Error('A model has no traffic plan, although both are written together.');
  }

  private async readFacts(db: DatabaseReader, { model, plan, live, actor }: WantedPlan): Promise<TrafficFacts> {
    const rows = await db.modelVersion.findMany({
      where: { modelName: model, version: { in: [...versionsInPlan(plan)] } },
      include: VERSION_PARTS,
    });
    rows.forEach(requireServable);
    const asked = { live: await findLiveVersion(db, model), proposer: actor, now: new Date() };
    const mayAnswer = new Set<number>();
    for (const row of rows) {
      const isFit = async () =>
        wasAdmitted(row) && (await this.judge.judgeTrial(db, { candidate: row, ...asked })).admitted;
      if (row.promotedAt !== null || (await isFit())) mayAnswer.add(row.version);
    }
    return { live, versions: new Set(rows.map(({ version }) => version)), mayAnswer };
  }
}

interface WantedPlan {
  readonly model: string;
  readonly plan: TrafficPlan;
  readonly live: number | null;
  readonly actor: Actor;
}

const wasAdmitted = ({ gateVerdict }: VersionRow): boolean =>
  GateVerdict.nullable().parse(gateVerdict)?.admitted === true;

const showState = (model: string, { revision, plan, at }: PlanInForce): State => ({
  modelName: model,
  revision,
  plan,
  updatedAt: at.toISOString(),
});
