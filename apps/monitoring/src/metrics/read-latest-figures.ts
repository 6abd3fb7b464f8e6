import type { DatabaseReader } from '@gimbal/db';
import { z } from 'zod';

/** The latest assessment of each model, as far as it is measured by numbers. */
export interface LatestFigures {
  readonly models: readonly {
    readonly model: string;
    readonly verdict: string;
    readonly completedAt: Date;
    readonly drift: {
      readonly driftedShare: number;
      readonly driftedFeatures: number;
      readonly effects: readonly { readonly feature: string; readonly effect: number }[];
    } | null;
    readonly metrics: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/** The part of a stored drift assessment that is shown here. */
const Drift = z.looseObject({
  driftedShare: z.number(),
  driftedFeatures: z.array(z.string()),
  features: z.array(
    z.looseObject({ feature: z.string(), effect: z.looseObject({ statistic: z.number() }).nullable() }),
  ),
});

/** Reads them; one row and its metrics for each model. */
export async function readLatestFigures(reader: DatabaseReader): Promise<LatestFigures> {
  const latest = await reader.healthAssessment.findMany({
    where: { state: 'done' },
    distinct: ['modelName'],
    orderBy: [{ modelName: 'asc' }, { createdAt: 'desc' }],
    select: {
      modelName: true,
      verdict: true,
      createdAt: true,
      completedAt: true,
      driftReport: { select: { details: true } },
      performanceMetrics: { select: { metricName: true, metricValue: true } },
    },
  });
  return {
    models: latest.map(({ modelName, verdict, createdAt, completedAt, driftReport, performanceMetrics }) => ({
      model: modelName,
      verdict: verdict ?? 'unknown',
      completedAt: completedAt ?? createdAt,
      drift: readDrift(driftReport?.details),
      metrics: performanceMetrics.map(({ metricName, metricValue }) => ({ name: metricName, value: metricValue })),
    })),
  };
}

function readDrift(details: unknown): LatestFigures['models'][number]['drift'] {
  const drift = Drift.safeParse(details).data;
  if (!drift) return null;
  return {
    driftedShare: drift.driftedShare,
    driftedFeatures: drift.driftedFeatures.length,
    effects: drift.features.flatMap(({ feature, effect }) => (effect ? [{ feature, effect: effect.statistic }] : [])),
  };
}
