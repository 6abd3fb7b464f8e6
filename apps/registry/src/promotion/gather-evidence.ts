import { type Evaluation, ParityCertificate } from '@gimbal/contracts';
import type { CandidateEvidence, JudgedMetrics, JudgedScores, LiveEvidence } from '@gimbal/domain';
import type { z } from 'zod';
import { evaluationOf, type VersionRow } from '../models/show-version.js';

/** What the gate looks at, of a version that is registered or about to be. */
export interface Candidate {
  readonly evaluation: Evaluation | null;
  readonly parity: z.output<typeof ParityCertificate> | null;
  readonly datasetDigest: string | null;
  readonly trainingRunId: string | null;
  readonly decisionId: string | null;
}

/** A version without an evaluation measured nothing, and nothing measured is a refusal. */
const UNMEASURED: JudgedMetrics = { rows: 0, positives: 0, f1Score: Number.NaN, rocAuc: null, brier: Number.NaN };

/** Comparisons with a version that is no longer live say nothing about the one that is, so only those with `live` count. */
export function gatherCandidate(candidate: Candidate, live: LiveEvidence | null): CandidateEvidence {
  const { evaluation, parity, datasetDigest, trainingRunId, decisionId } = candidate;
  return {
    holdout: evaluation?.holdout ?? UNMEASURED,
    scores: scoresOf(evaluation),
    scoresVersusLive: (evaluation?.scoresVersusLive ?? []).filter(({ liveVersion }) => liveVersion === live?.version),
    versusLive: (evaluation?.versusLive ?? []).filter(({ liveVersion }) => liveVersion === live?.version),
    parity,
    datasetDigest,
    origin: trainingRunId === null ? 'uploaded' : 'trained',
    purpose: decisionId === null ? 'release' : 'repair',
  };
}

function scoresOf(evaluation: Evaluation | null): JudgedScores | null {
  if (!evaluation?.scores || evaluation.holdout) return null;
  const { rows, primary, better, constant, values } = evaluation.scores;
  return {
    ...{ rows, primary, better, constant },
    value: values[primary] ?? Number.NaN,
    macroF1: values['macro_f1'] ?? null,
  };
}

export function candidateOf(row: VersionRow): Candidate {
  const { datasetDigest, trainingRunId, decisionId } = row;
  return {
    evaluation: evaluationOf(row),
    parity: ParityCertificate.nullable().parse(row.parity),
    datasetDigest,
    trainingRunId,
    decisionId,
  };
}

export function gatherLive(row: VersionRow | null): LiveEvidence | null {
  if (!row) return null;
  const evaluation = evaluationOf(row);
  return {
    version: row.version,
    holdout: evaluation?.holdout ?? UNMEASURED,
    scores: scoresOf(evaluation),
    datasetDigest: row.datasetDigest,
  };
}
