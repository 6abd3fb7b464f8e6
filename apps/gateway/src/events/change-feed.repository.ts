import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Something of one of these kinds has another state than before. */
export interface Change {
  readonly kind: 'training-run' | 'assessment' | 'action' | 'alert' | 'promotion';
  /** By which the kind's own route finds it; a decision's id for a promotion. */
  readonly id: string;
  readonly model: string | null;
  readonly state: string;
  readonly at: Date;
}

/** Most changes of one kind that are read at once; a viewer that needs all of them reads the lists. */
const CHANGES_MAX = 200;

/** Reads what other services wrote: any service may read any table. */
@Injectable()
export class ChangeFeedRepository {
  constructor(private readonly database: Database) {}

  /** Everything that changed after `since`, oldest first. */
  since(since: Date): Promise<readonly Change[]> {
    // An assessment is done within minutes of its creation; the day bounds the scan by its index.
    return this.database.reader.$queryRaw<Change[]>`
      (SELECT 'training-run' AS kind, id::text, model_name AS model, state::text, updated_at AS at
         FROM training_runs WHERE updated_at > ${since} ORDER BY updated_at LIMIT ${CHANGES_MAX})
      UNION ALL
      (SELECT 'assessment', id::text, model_name, coalesce(verdict, state::text), coalesce(completed_at, created_at)
         FROM health_assessments
         WHERE created_at > ${since}::timestamptz - interval '1 day' AND coalesce(completed_at, created_at) > ${since}
         ORDER BY 5 LIMIT ${CHANGES_MAX})
      UNION ALL
      (SELECT 'action', id::text, model_name, status::text, updated_at
         FROM agent_actions WHERE updated_at > ${since} ORDER BY updated_at LIMIT ${CHANGES_MAX})
      UNION ALL
      (SELECT 'alert', id::text, model_name, status::text, greatest(last_seen_at, acknowledged_at, resolved_at)
         FROM alerts WHERE greatest(last_seen_at, acknowledged_at, resolved_at) > ${since} ORDER BY 5 LIMIT ${CHANGES_MAX})
      UNION ALL
      (SELECT 'promotion', decision_id::text, model_name, kind::text, created_at
         FROM promotions WHERE created_at > ${since} ORDER BY created_at LIMIT ${CHANGES_MAX})
      ORDER BY at`;
  }
}
