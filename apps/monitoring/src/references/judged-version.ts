import { DataOrigin, Evaluation, GateVerdict, ModelSignature, type Task } from '@gimbal/contracts';
import type { ModelVersion } from '@gimbal/db';
import { type FeatureDefinition, requireServable } from '@gimbal/domain';

/** What monitoring must know of a version, read from the registry's table. */
export interface JudgedVersion {
  readonly id: string;
  readonly modelName: string;
  readonly version: number;
  readonly isLive: boolean;
  /** What the gate said; null when it was never asked. */
  readonly isAdmitted: boolean | null;
  /** As learned, in [0, 1]. */
  readonly threshold: number;
  readonly task: Task;
  /** Names of the classes by index; empty where the answer is no class, or 0 and 1. */
  readonly classes: readonly string[];
  /** Free text is no feature that a window could be compared by. */
  readonly features: readonly FeatureDefinition[];
  readonly evaluation: Evaluation | null;
  readonly profileDigest: string | null;
  readonly datasetDigest: string | null;
  /** `synthetic` is shown wherever the version shows. */
  readonly dataOrigin: DataOrigin | null;
}

/** @throws ZodError when the registry stored something else than agreed; DomainError `version-not-servable`: it never answered anything */
export function readJudgedVersion(version: ModelVersion): JudgedVersion {
  const row = requireServable(version);
  const { task, classes = [], inputs } = ModelSignature.parse(row.signature);
  return {
    id: row.id,
    modelName: row.modelName,
    version: row.version,
    isLive: row.isActive,
    isAdmitted: GateVerdict.nullable().parse(row.gateVerdict)?.admitted ?? null,
    threshold: row.threshold,
    task,
    classes,
    features: inputs.filter(({ type }) => type !== 'text').map(defineFeature),
    evaluation: Evaluation.nullable().parse(row.evaluation),
    profileDigest: row.referenceProfileDigest,
    datasetDigest: row.datasetDigest,
    dataOrigin: DataOrigin.nullable().parse(row.dataOrigin),
  };
}

/** The declaration of an input, as the quality assessment asks for it; an open end of a range is infinite. */
function defineFeature({
  name,
  type,
  allowed,
  categories,
  range,
  missing,
}: ModelSignature['inputs'][number]): FeatureDefinition {
  const [min, max] = range ?? [null, null];
  return {
    name,
    type: type === 'number' ? 'numeric' : 'categorical',
    missing,
    ...(range && { range: { min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY } }),
    ...(allowed && { allowedValues: allowed.map(String) }),
    ...(categories && { allowedValues: categories }),
  };
}
