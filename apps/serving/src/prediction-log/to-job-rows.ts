import type { JobPayload } from '@gimbal/contracts';
import type { SpooledBatch } from './spool-reader.js';
import type { LogDefinition, LoggedRow } from './spool-record.js';

type JobRow = JobPayload<'prediction.logged'>['rows'][number];

const toJobRow = (definition: LogDefinition, row: LoggedRow): JobRow => {
  const features: Record<string, number | null> = {};
  definition.inputs.forEach(({ name }, index) => {
    const value = row.values[index];
    features[name] = value === undefined || Number.isNaN(value) ? null : value;
  });
  return {
    id: row.id,
    modelVersionId: definition.modelVersionId,
    modelName: definition.modelName,
    modelVersion: definition.modelVersion,
    features,
    prediction: row.prediction,
    probability: row.probability,
    threshold: definition.threshold,
    latencyMs: row.latencyMs,
    warnings: row.warnings.flatMap(({ input, code }) => {
      const warned = definition.inputs[input];
      if (!warned) return [];
      return [{ field: warned.name, code, message: code === 'missing' ? warned.missing : warned.outside }];
    }),
    requestId: row.requestId,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
};

/** The rows of a micro-batch as the job `prediction.logged` carries them. */
export function toJobRows({ definition, rows }: SpooledBatch): readonly JobRow[] {
  return rows.map((row) => toJobRow(definition, row));
}
