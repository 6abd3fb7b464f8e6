import type { AssessmentEvidence } from '../assessment-evidence.js';
import type { LiveVersion } from '../decision-context.js';
import { diagnoseDataDrift } from './data-drift.js';
import { diagnoseDataQuality } from './data-quality.js';
import type { Diagnosis, DiagnosisName } from './diagnosis.js';
import { diagnoseLowConfidence } from './low-confidence.js';
import { diagnosePerformanceDegradation } from './performance-degradation.js';
import { diagnosePredictionAnomalies } from './prediction-anomalies.js';

/** All five, each present or not. */
export type Diagnoses = Readonly<Record<DiagnosisName, Diagnosis>>;

/** Asks all five questions of one assessment. Pure; an unknown part of the evidence yields an absent diagnosis without conditions. */
export function diagnose(evidence: AssessmentEvidence, live: LiveVersion | null): Diagnoses {
  return {
    'data-quality': diagnoseDataQuality(evidence),
    'performance-degradation': diagnosePerformanceDegradation(evidence, live),
    'prediction-anomalies': diagnosePredictionAnomalies(evidence),
    'data-drift': diagnoseDataDrift(evidence),
    'low-confidence': diagnoseLowConfidence(evidence),
  };
}

/** The troubles found, the gravest first. */
export function presentDiagnoses(diagnoses: Diagnoses): Diagnosis[] {
  const order = { high: 0, medium: 1, low: 2, none: 3 };
  return Object.values(diagnoses)
    .filter(({ present }) => present)
    .sort((one, other) => order[one.severity] - order[other.severity]);
}
