import { type Actor, ExpectationSuite, encodeWire } from '@gimbal/contracts';
import { storableValue, toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findExpectations, lockDataset, requireDataset } from './dataset.repository.js';

/** What is expected of every version of a dataset. Training holds each version against it. */
@Injectable()
export class ExpectationsService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** @throws DomainError `dataset-not-found` */
  async get(name: string): Promise<ExpectationSuite> {
    await requireDataset(this.database.reader, name);
    return await findExpectations(this.database.reader, name);
  }

  /** @throws DomainError `dataset-not-found`; `revision-conflict` when it is not the suite that was read */
  async put(name: string, suite: ExpectationSuite, actor: Actor): Promise<ExpectationSuite> {
    return await this.database.change(async (tx) => {
      await lockDataset(tx, name);
      const present = await findExpectations(tx, name);
      if (present.revision !== suite.revision)
        throw new DomainError(
          'revision-conflict',
          `The expectations are at revision ${present.revision}. Read them again and decide anew.`,
        );
      const next: ExpectationSuite = { ...suite, revision: suite.revision + 1 };
      const at = new Date();
      const document = toJson(storableValue(encodeWire(ExpectationSuite, next)));
      await tx.datasetExpectations.create({
        data: { datasetName: name, revision: next.revision, suite: document, createdBy: actor.name, createdAt: at },
      });
      await this.audit.record(tx, {
        action: 'dataset.expectations-set',
        key: `${name}:${next.revision}`,
        subject: `dataset:${name}`,
        actor: actor.name,
        at,
        payload: { revision: next.revision, columns: next.columns.map((column) => column.name) },
      });
      return next;
    });
  }
}
