import { buildPerformanceBaseline, buildReferenceProfile, type ReferenceProfile } from '@gimbal/domain';
import { takeTarget } from '@gimbal/learning';
import { describeAnswers, describeLabelled } from './describe-answers.js';
import type { JudgedTextSet } from './judge-texts.js';

/**
 * What later windows of a text classifier are compared with: its answers out of fold, and its performance out of fold and held out together. Texts
 * themselves are no feature that could be compared.
 */
export function profileTexts({
  labels,
  trainRows,
  holdoutRows,
  model,
  outOfFold,
  answers: holdoutAnswers,
}: JudgedTextSet): ReferenceProfile {
  const { threshold } = model.abstention;
  const unseen = { task: 'text-classification', classes: labels.classes, threshold } as const;
  const outputs = new Float32Array(outOfFold.probabilities.length + holdoutAnswers.length);
  outputs.set(outOfFold.probabilities);
  outputs.set(holdoutAnswers, outOfFold.probabilities.length);
  const truth = [...takeTarget(labels, trainRows), ...takeTarget(labels, holdoutRows)];
  return buildReferenceProfile({
    columns: [],
    predictions: describeAnswers({ ...unseen, outputs: outOfFold.probabilities }),
    performance: buildPerformanceBaseline(describeLabelled({ ...unseen, outputs }, truth)),
  });
}
