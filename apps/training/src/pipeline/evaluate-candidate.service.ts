import type { Actor, ServedVersion } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RegistryClient } from '../clients/registry.client.js';
import type { LearningResults } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { JudgedCandidate, LiveCandidate } from './judge-candidate.js';
import type { RunWatch } from './run-watch.js';
import type { TrainingSet } from './training-set.js';

/** Path of the artifact that says which rows a version was not trained on. */
export const HOLDOUT_PATH = 'holdout.json';
const HoldoutFile = z.object({ parts: z.record(z.string(), z.array(z.int().min(0))) });

/** Judges a candidate on rows it never saw, alone and beside the live version; all that grows with the rows happens in a worker thread. */
@Injectable()
export class EvaluateCandidateService {
  constructor(
    private readonly registry: RegistryClient,
    private readonly pool: WorkerPool,
  ) {}

  /** @throws DomainError when the registry is away; LearningError */
  async evaluate(
    candidate: Omit<JudgedCandidate, 'live'>,
    { live, actor }: { readonly live: ServedVersion | null; readonly actor: Actor },
    watch: RunWatch,
  ): Promise<LearningResults['judge']> {
    const { signal } = watch;
    const beside = live && (await this.scoreLive(candidate.set, live, actor, signal));
    return await this.pool.run(
      { kind: 'judge', ...candidate, live: beside },
      { signal, onProgress: (done) => watch.advance(done) },
    );
  }

  private async scoreLive(
    set: TrainingSet,
    live: ServedVersion,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<LiveCandidate> {
    const { version, threshold } = live;
    const heldOut = await this.findHeldOut(set, live, actor);
    if (!heldOut) return { version, threshold, holdout: null };
    const file = await this.registry.readArtifact(live.artifactDigest, actor);
    const { dataset, holdoutRows: rows } = set;
    const answers = await this.pool.run({ kind: 'score', file, dataset, rows }, { signal });
    return { version, threshold, holdout: { answers, heldOut } };
  }

  /** Rows of each part that a version with the same inputs was not trained on; null when that is not known. */
  private async findHeldOut({ inputs }: TrainingSet, live: ServedVersion, actor: Actor) {
    const takesSameInputs = live.featureNames.join('\n') === inputs.map(({ name }) => name).join('\n');
    if (!takesSameInputs || live.runId === null) return null;
    const file = await this.registry.readRunArtifact(live.runId, HOLDOUT_PATH, actor);
    return (file && HoldoutFile.safeParse(parseJson(file)).data?.parts) ?? null;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
