import { type Comparison, ModelSignature } from '@gimbal/contracts';
import { compareVersions, type NamedMetrics } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import type { VersionRow } from '../models/show-version.js';
import { findVersion } from '../models/version.repository.js';
import { metricsOf } from '../models/version-metrics.js';
import { compareSignatures, isSame } from './compare-signatures.js';
import { readRunFile } from './read-run-file.js';

const ModelCard = z.object({
  importance: z.object({ gain: z.array(z.object({ feature: z.string(), importance: z.number() })) }),
});

/** Compares two versions as they were learned. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly database: Database,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async compare(model: string, [v1, v2]: readonly [number, number]): Promise<Comparison> {
    const find = (version: number) => findVersion(this.database.reader, model, version);
    const [one, other] = await Promise.all([find(v1), find(v2)]);
    const metrics = Object.entries(compareVersions(metricsOf(one), metricsOf(other)));
    return {
      modelName: model,
      versions: [v1, v2],
      // Metric names are data, so this record speaks the wire's names itself.
      metrics: Object.fromEntries(
        metrics.map(([name, { pctChange, ...pair }]) => [name, { ...pair, pct_change: pctChange }]),
      ),
      parameters: compareParameters(parametersOf(one), parametersOf(other)),
      signature: compareSignatures(signatureOf(one), signatureOf(other)),
      featureImportance: await this.compareImportance(one, other),
    };
  }

  private async compareImportance(one: VersionRow, other: VersionRow): Promise<Comparison['featureImportance']> {
    const [first, second] = await Promise.all([this.importanceOf(one), this.importanceOf(other)]);
    if (!first || !second) return null;
    const pairs = Object.entries(compareVersions(first, second));
    return Object.fromEntries(pairs.map(([feature, { v1, v2, diff }]) => [feature, { v1, v2, diff }]));
  }

  private async importanceOf({ runId }: VersionRow): Promise<NamedMetrics | null> {
    const path = 'model-card.json';
    const card = ModelCard.safeParse(await readRunFile(this.database.reader, this.store, { runId, path }));
    if (!card.success) return null;
    return Object.fromEntries(card.data.importance.gain.map(({ feature, importance }) => [feature, importance]));
  }
}

type Parameters = Readonly<Record<string, unknown>>;

function parametersOf({ algorithm, framework, threshold, hyperparameters }: VersionRow): Parameters {
  return { algorithm, framework, threshold, ...z.record(z.string(), z.unknown()).parse(hyperparameters) };
}

function compareParameters(first: Parameters, second: Parameters): Comparison['parameters'] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(
    names.map((name) => {
      const [v1 = null, v2 = null] = [first[name], second[name]];
      return [name, { v1, v2, same: isSame(v1, v2) }];
    }),
  );
}

const signatureOf = (row: VersionRow) => ModelSignature.nullable().parse(row.signature);
