import type { RetentionReport } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import type { UsedVersion } from './retained-versions.repository.js';

/** Entries that a report has at most, of each kind. */
const REPORTED_MAX = 10_000;

/** A model's versions, judged. */
export interface Judged {
  readonly going: readonly UsedVersion[];
  readonly kept: readonly RetentionReport['kept'][number][];
}

/** What a run of the retention did, told model by model and cut where it would not fit into an answer. */
export class RetentionReportDraft {
  readonly report: RetentionReport;

  constructor(dryRun: boolean) {
    this.report = { dryRun, gone: [], kept: [], failed: [], cut: false };
  }

  add(modelName: string, { going, kept }: Judged): void {
    const gone = going.map(({ version, createdAt, artifactBytes }) => ({
      ...{ modelName, version, artifactBytes, createdAt: createdAt.toISOString() },
    }));
    this.append(this.report.gone, gone);
    this.append(this.report.kept, kept);
  }

  /** Notes a model that was passed over. Only what was meant to be read says why; the rest is in the log. */
  fail(modelName: string, error: unknown): void {
    const reason = isDomainError(error) ? error.detail : 'The log of the registry says why.';
    this.append(this.report.failed, [{ modelName, reason }]);
  }

  private append<T>(entries: T[], more: readonly T[]): void {
    const room = REPORTED_MAX - entries.length;
    this.report.cut ||= more.length > room;
    entries.push(...more.slice(0, room));
  }
}
