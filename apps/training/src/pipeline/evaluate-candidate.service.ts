import type { Actor, ModelVersion, VersusLive } from '@gimbal/contracts';
import { type CrossValidation, takeTarget } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RegistryClient } from '../clients/registry.client.js';
import type { LoadedData } from '../data/dataset.service.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import { compareWithLive } from './compare-with-live.js';
import { type BinaryEvaluation, measureRows } from './measure-rows.js';
import type { RunWatch } from './run-watch.js';
import type { TrainingSet } from './training-set.js';

/** Path of the artifact that says which rows a version was not trained on. */
export const HOLDOUT_PATH = 'holdout.json';
const HoldoutFile = z.object({ parts: z.record(z.string(), z.array(z.int().min(0))) });

/** The candidate's answers to rows it has not seen. */
export interface CandidateAnswers {
  readonly selected: CrossValidation;
  /** One per row of the holdout. */
  readonly holdout: ArrayLike<number>;
  /** One per recent row. */
  readonly recent: ArrayLike<number>;
}

interface Judged {
  readonly data: LoadedData;
  readonly set: TrainingSet;
  readonly answers: CandidateAnswers;
  readonly live: ModelVersion | null;
  readonly seed: number;
  readonly actor: Actor;
}

/** Judges a candidate on rows it never saw, alone and beside the live version. */
@Injectable()
export class EvaluateCandidateService {
  constructor(
    private readonly registry: RegistryClient,
    private readonly pool: WorkerPool,
  ) {}

  /** @throws DomainError when the registry is away; LearningError */
  async evaluate(judged: Judged, watch: RunWatch): Promise<BinaryEvaluation> {
    const { set, answers } = judged;
    const { threshold, summary, folds } = answers.selected;
    const labels = takeTarget(set.dataset, set.holdoutRows);
    return {
      holdout: measureRows({ labels, probabilities: answers.holdout, threshold }),
      crossValidation: {
        folds: folds.length,
        f1Mean: summary.f1.mean,
        f1Deviation: summary.f1.deviation,
        rocAucMean: summary.rocAuc.mean,
      },
      versusLive: judged.live ? await this.compare(judged, judged.live, watch) : [],
    };
  }

  private async compare(judged: Judged, live: ModelVersion, watch: RunWatch): Promise<VersusLive[]> {
    const { set, answers, seed } = judged;
    const { threshold } = answers.selected;
    const common = { liveVersion: live.version, seed };
    const compared: VersusLive[] = [];
    if (set.recentRows.length > 0) {
      compared.push(
        compareWithLive({
          ...common,
          slice: 'recent',
          labels: takeTarget(set.dataset, set.recentRows),
          candidate: { probabilities: answers.recent, threshold },
          live: { probabilities: set.recentAnswers, threshold: live.threshold },
        }),
      );
    }
    const unseen = await this.findUnseenByBoth(judged, live);
    if (unseen.length > 0) {
      const rows = Int32Array.from(unseen, (index) => set.holdoutRows[index] ?? 0);
      const probabilities = await this.scoreLive(judged, live, rows, watch);
      compared.push(
        compareWithLive({
          ...common,
          slice: 'holdout',
          labels: takeTarget(set.dataset, rows),
          candidate: { probabilities: unseen.map((index) => answers.holdout[index] ?? Number.NaN), threshold },
          live: { probabilities, threshold: live.threshold },
        }),
      );
    }
    return compared;
  }

  /** Positions in the holdout of rows that the live version was not trained on either; none when that is not known. */
  private async findUnseenByBoth({ data, set, actor }: Judged, live: ModelVersion): Promise<number[]> {
    const sameInputs = live.featureNames.join('\n') === set.inputs.map(({ name }) => name).join('\n');
    if (!sameInputs || live.runId === null) return [];
    const file = await this.registry.readRunArtifact(live.runId, HOLDOUT_PATH, actor);
    const held = file && HoldoutFile.safeParse(parseJson(file)).data;
    if (!held) return [];
    const unseen = new Set(
      data.parts.flatMap(({ name, firstRow }) => (held.parts[name] ?? []).map((row) => firstRow + row)),
    );
    return [...set.holdoutRows.keys()].filter((index) => unseen.has(set.holdoutRows[index] ?? -1));
  }

  private async scoreLive(
    { set, actor }: Judged,
    live: ModelVersion,
    rows: Int32Array,
    { signal }: RunWatch,
  ): Promise<Float32Array> {
    const file = await this.registry.readArtifact(live.artifactDigest, actor);
    return await this.pool.run({ kind: 'score', file, dataset: set.dataset, rows }, { signal });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
