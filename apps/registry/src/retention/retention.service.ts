import type { Actor, PutRetention, RetentionReport, RetentionState, RunRetention } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';
import { isDomainError, judgeRetention, type RetentionPolicy } from '@gimbal/domain';
import { AuditTrail, CONFIG, InjectMetric, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { lockModel, requireModel } from '../models/version.repository.js';
import { dropLoggedModels } from '../registration/logged-model-files.js';
import { readUsedVersions, type UsedVersion } from './retained-versions.repository.js';
import { type Judged, RetentionReportDraft } from './retention-report.js';

const DAY_MS = 86_400_000;
/** Versions that are removed in one turn of their model: others wait for it, and a transaction has an end. */
const REMOVED_AT_ONCE = 200;

/** Removes versions that nobody needs, by the policy of their model. Their files go with the store's next sweep. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(CONFIG) private readonly config: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
    @InjectMetric('gimbal_retention_failures_total') private readonly failures: { inc(): void },
  ) {}

  /** @throws DomainError `model-not-found` */
  async get(modelName: string): Promise<RetentionState> {
    await requireModel(this.database.reader, modelName);
    const own = await this.database.reader.retentionPolicy.findUnique({ where: { modelName } });
    const policy = own ?? this.configured();
    return {
      modelName,
      source: own ? 'model' : policy ? 'configuration' : 'none',
      policy: policy && { keepVersions: policy.keepVersions, keepDays: policy.keepDays },
      updatedBy: own?.updatedBy ?? null,
      updatedAt: own?.updatedAt.toISOString() ?? null,
    };
  }

  /** @throws DomainError `model-not-found` */
  async put(modelName: string, policy: PutRetention, actor: Actor): Promise<RetentionState> {
    await this.database.change(async (tx) => {
      await lockModel(tx, modelName);
      const row = { ...policy, updatedBy: actor.name };
      await tx.retentionPolicy.upsert({ where: { modelName }, create: { modelName, ...row }, update: row });
      const at = new Date();
      const key = `${modelName}:${at.getTime()}`;
      const payload = { keep_versions: policy.keepVersions, keep_days: policy.keepDays };
      const subject = auditSubject(modelName, null);
      await this.audit.record(tx, { action: 'retention.set', key, subject, actor: actor.name, at, payload });
    });
    return await this.get(modelName);
  }

  /**
   * Model by model, in turns of their own: one that fails is reported, and the others are gone through all the same.
   * @param signal ends the run after the model that it is at
   * @throws DomainError `model-not-found` when the named one does not exist
   */
  async run({ dryRun, model }: RunRetention, actor: string, signal?: AbortSignal): Promise<RetentionReport> {
    if (model !== undefined) await requireModel(this.database.reader, model);
    const report = new RetentionReportDraft(dryRun);
    for (const name of model === undefined ? await this.listModels() : [model]) {
      if (signal?.aborted) break;
      try {
        if (dryRun) report.add(name, await this.judge(this.database.reader, name));
        else await this.remove(name, actor, report);
      } catch (error) {
        if (isDomainError(error, 'model-not-found')) continue; // it went meanwhile
        this.logger.warn({ err: error, model: name }, 'old versions of a model could not be removed');
        this.failures.inc();
        report.fail(name, error);
      }
    }
    return report.report;
  }

  private async remove(modelName: string, actor: string, report: RetentionReportDraft): Promise<void> {
    for (;;) {
      const judged = await this.database.change((tx) => this.removeSome(tx, modelName, actor));
      const isLast = judged.going.length < REMOVED_AT_ONCE;
      report.add(modelName, isLast ? judged : { going: judged.going, kept: [] }); // what stays is told once
      if (isLast) return;
    }
  }

  private async removeSome(tx: DatabaseTransaction, modelName: string, actor: string): Promise<Judged> {
    await lockModel(tx, modelName); // nobody promotes, points an alias or registers meanwhile
    const judged = await this.judge(tx, modelName);
    const going = judged.going.slice(0, REMOVED_AT_ONCE);
    const at = new Date();
    for (const { id, version } of going) {
      await tx.modelVersion.delete({ where: { id } });
      const subject = auditSubject(modelName, version);
      const payload = { reason: 'retention' };
      await this.audit.record(tx, { action: 'model.version-deleted', key: id, subject, actor, at, payload });
    }
    await dropLoggedModels(tx, going);
    return { going, kept: judged.kept };
  }

  private async judge(db: DatabaseReader, modelName: string): Promise<Judged> {
    const policy = await this.policyOf(db, modelName);
    if (!policy) return { going: [], kept: [] };
    const now = new Date();
    const since = new Date(now.getTime() - this.config.retention.trafficDays * DAY_MS);
    const versions = await readUsedVersions(db, modelName, since);
    const reasons = judgeRetention(versions, policy, now);
    const reasonsOf = ({ version }: UsedVersion) => [...(reasons.get(version) ?? [])];
    return {
      going: versions.filter((one) => reasonsOf(one).length === 0),
      kept: versions.flatMap((one) => {
        const why = reasonsOf(one);
        return why.length === 0 ? [] : [{ modelName, version: one.version, reasons: why }];
      }),
    };
  }

  private async policyOf(db: DatabaseReader, modelName: string): Promise<RetentionPolicy | null> {
    await requireModel(db, modelName);
    return (await db.retentionPolicy.findUnique({ where: { modelName } })) ?? this.configured();
  }

  private configured(): RetentionPolicy | null {
    const { keepVersions, keepDays } = this.config.retention;
    return keepVersions === 0 ? null : { keepVersions, keepDays };
  }

  private async listModels(): Promise<readonly string[]> {
    const where = this.configured() ? {} : { retention: { isNot: null } };
    const rows = await this.database.reader.model.findMany({ where, select: { name: true }, orderBy: { name: 'asc' } });
    return rows.map(({ name }) => name);
  }
}
