import type { HealthAssessment } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Reference } from '../references/choose-reference.js';
import type { JudgedVersion } from '../references/judged-version.js';
import { ReferenceService } from '../references/reference.service.js';
import { VersionRepository } from '../references/version.repository.js';
import { assessWindow } from './assess-window.js';
import type {
  AssessmentDetails,
  OperationFigures,
  RequestedWindow,
  VersionFacts,
  WindowFacts,
} from './assessment-details.js';
import { type Conclusion, concludeAssessment } from './conclude-assessment.js';
import { summarizeAssessment } from './summarize-assessment.js';
import { type LoadedWindow, WindowRepository } from './window.repository.js';

const Requested = z.looseObject({
  window: z.object({ kind: z.enum(['current', 'given']), labelledFrom: z.iso.datetime() }),
});

/** The window of an assessment with everything it is judged by. */
export interface PreparedWindow {
  readonly version: JudgedVersion;
  readonly chosenAs: VersionFacts['chosenAs'];
  readonly reference: Reference;
  readonly loaded: LoadedWindow;
  readonly facts: WindowFacts;
}

/** A judged window; `version` is null when there was nobody to judge. */
export interface Judgement {
  readonly version: JudgedVersion | null;
  readonly conclusion: Conclusion;
  readonly summary: string;
  readonly details: AssessmentDetails;
}

/** Computes what an assessment says: load the window and its reference, ask the domain, put it into words. Writes nothing. */
@Injectable()
export class JudgeAssessmentService {
  constructor(
    private readonly windows: WindowRepository,
    private readonly versions: VersionRepository,
    private readonly references: ReferenceService,
  ) {}

  /** Null when the window has no predictions and the model no live version. */
  async prepare(assessment: HealthAssessment): Promise<PreparedWindow | null> {
    const requested = Requested.parse(assessment.details).window;
    const byVersion = await this.windows.countByVersion(assessment.modelName, assessment);
    const chosen = await this.chooseVersion(assessment, requested, byVersion[0]?.versionId);
    if (!chosen) return null;
    const { modelName, from, until } = assessment;
    const labelledFrom = new Date(requested.labelledFrom);
    const loaded = await this.windows.load({ modelName, versionId: chosen.version.id, from, until, labelledFrom });
    const facts = describeWindow(assessment, requested, loaded, byVersion);
    return { ...chosen, reference: await this.references.load(chosen.version), loaded, facts };
  }

  async judge(assessment: HealthAssessment): Promise<Judgement> {
    const prepared = await this.prepare(assessment);
    const seed = seedOf(assessment.id);
    return prepared ? judgePrepared(prepared, seed) : this.judgeNobody(assessment, seed);
  }

  /** One version is judged, because two versions have two truths: the live one, or of a given window the one that answered most of it. */
  private async chooseVersion(
    { modelName, modelId }: HealthAssessment,
    { kind }: RequestedWindow,
    busiest: string | undefined,
  ): Promise<Pick<PreparedWindow, 'version' | 'chosenAs'> | null> {
    const chosen = modelId ?? (kind === 'given' ? busiest : undefined);
    const version = chosen === undefined ? await this.versions.findLive(modelName) : await this.versions.find(chosen);
    return version && { version, chosenAs: kind === 'given' && busiest !== undefined ? 'answered-most' : 'live' };
  }

  private judgeNobody(assessment: HealthAssessment, seed: number): Judgement {
    const requested = Requested.parse(assessment.details).window;
    const findings = { quality: null, drift: null, performance: null, predictions: null };
    const window = describeWindow(assessment, requested, null, []);
    return {
      version: null,
      conclusion: concludeAssessment(findings),
      summary: 'Nothing to judge: the window has no predictions and the model no live version.',
      details: { schemaVersion: 2, window, version: null, reference: null, ...findings, operations: null, seed },
    };
  }
}

function judgePrepared({ version, chosenAs, reference, loaded, facts }: PreparedWindow, seed: number): Judgement {
  const threshold = loaded.threshold ?? version.threshold;
  const findings = assessWindow({ version, reference, threshold, seed, rows: loaded.rows, labelled: loaded.labelled });
  const conclusion = concludeAssessment(findings);
  const subject = { version: version.version, rows: loaded.rowCount, labelledRows: loaded.labelledCount };
  const { isLive, isAdmitted, dataOrigin } = version;
  const { profile: _profile, baseline: _baseline, ...source } = reference;
  const summary = [summarizeAssessment(subject, conclusion, findings), ...reference.notes].join(' ');
  return {
    version,
    conclusion,
    summary,
    details: {
      schemaVersion: 2,
      window: facts,
      version: { version: version.version, chosenAs, isLive, isAdmitted, threshold, dataOrigin },
      reference: source,
      ...findings,
      operations: describeOperations(version.task, loaded),
      seed,
    },
  };
}

/** What a prediction above or below 0 means: a positive, an anomaly, a text that was not answered. */
function describeOperations(
  task: JudgedVersion['task'],
  { latencies, positiveShare, abstainedShare }: LoadedWindow,
): OperationFigures {
  return {
    ...latencies,
    positiveShare: task === 'binary-classification' ? positiveShare : null,
    alertRate: task === 'anomaly-detection' ? positiveShare : null,
    abstentionRate: task === 'text-classification' ? abstainedShare : null,
  };
}

function describeWindow(
  { from, until }: HealthAssessment,
  requested: RequestedWindow,
  loaded: LoadedWindow | null,
  byVersion: readonly { readonly version: number; readonly rows: number }[],
): WindowFacts {
  const { rowCount = 0, labelledCount = 0, rows = [], labelled = [] } = loaded ?? {};
  const isSampled = rows.length < rowCount || labelled.length < labelledCount;
  return {
    ...requested,
    ...{ from: from.toISOString(), until: until.toISOString() },
    ...{
      rows: rowCount,
      assessedRows: rows.length,
      labelledRows: labelledCount,
      assessedLabelledRows: labelled.length,
    },
    sampling: isSampled ? 'even-sample-by-id' : 'all',
    byVersion: byVersion.map(({ version, rows: count }) => ({ version, rows: count })),
  };
}

/** 32 bits of the assessment's id: an assessment that is carried out again draws the same bootstrap samples. */
const seedOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16);
