import type { JobPayload } from '@gimbal/contracts';
import type { SpooledBatch } from './spool-reader.js';
import type { LogDefinition, LoggedRow, RowWarning } from './spool-record.js';

type JobRow = JobPayload<'prediction.logged'>['rows'][number];

/** The longest text that the contract takes for a feature; what is longer is kept by its beginning. */
const FEATURE_TEXT_MAX = 1_000;

/** What a caller is told of a value. */
export function messageOf(
  code: RowWarning['code'],
  { name, outside, missing }: { readonly name: string; readonly outside: string; readonly missing: string },
): string {
  if (code === 'missing') return missing;
  return code === 'unseen-category' ? `${name} has a value that training has not seen; it counts as missing` : outside;
}

const toJobRow = (definition: LogDefinition, row: LoggedRow): JobRow => {
  const features: Record<string, number | string | null> = {};
  definition.inputs.forEach(({ name, categories }, index) => {
    const value = row.values[index];
    if (value === undefined || Number.isNaN(value)) features[name] = null;
    else features[name] = categories ? (categories[value] ?? null) : value;
  });
  for (const { input, text } of row.texts) {
    const name = definition.inputs[input]?.name;
    if (name !== undefined) features[name] = text.slice(0, FEATURE_TEXT_MAX);
  }
  return {
    id: row.id,
    modelVersionId: definition.modelVersionId,
    modelName: definition.modelName,
    modelVersion: definition.modelVersion,
    features,
    prediction: row.prediction,
    probability: Number.isNaN(row.probability) ? null : row.probability,
    ...(row.classes.length > 0 && { classProbabilities: Array.from(row.classes) }),
    threshold: definition.threshold,
    latencyMs: row.latencyMs,
    warnings: row.warnings.flatMap(({ input, code }) => {
      const warned = definition.inputs[input];
      if (!warned) return [];
      return [{ field: warned.name, code, message: messageOf(code, warned) }];
    }),
    requestId: row.requestId,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
};

/** The rows of a micro-batch as the job `prediction.logged` carries them. */
export function toJobRows({ definition, rows }: SpooledBatch): readonly JobRow[] {
  return rows.map((row) => toJobRow(definition, row));
}
