import { isDomainError } from '@gimbal/domain';
import { deriveId, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ACTING_AS_AGENT } from '../clients/acting-as-agent.js';
import { RegistryClient } from '../clients/registry.client.js';
import { ServingClient } from '../clients/serving.client.js';
import { Database } from '../database/database.js';
import { askServed } from '../execution/ask-served.js';
import type { Executor, RecordStep, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({
  dataset: z.string(),
  parts: z.array(z.string()),
  version: z.int().optional(),
  labelledUntil: z.iso.datetime(),
  expectedLiveVersion: z.int(),
});
const Promoted = z.object({ version: z.int() });
const Failure = z.looseObject({ code: z.string(), message: z.string() });

/**
 * Asks training for a new version, waits until it is registered, and promotes it when the gate admits it. A candidate that is not better
 * ends the action as `failed` with `candidate-not-admitted`: the trouble is still there, and the version before goes on answering.
 */
@Injectable()
export class RetrainModelExecutor implements Executor {
  readonly type = 'retrain_model';

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly registry: RegistryClient,
    private readonly serving: ServingClient,
  ) {}

  async execute(action: RunningAction, record: RecordStep): Promise<StepOutcome> {
    const trainingRunId = deriveId(`training:${action.id}`);
    if (action.result?.['trainingRunId'] !== trainingRunId) await this.askTraining(action, trainingRunId, record);
    // The run first: a version is registered before its run succeeds, so a run seen to have ended has its version by now, or none.
    const run = await this.database.reader.trainingRun.findUnique({ where: { id: trainingRunId } });
    const registered = await this.database.reader.modelVersion.findUnique({
      where: { trainingRunId },
      select: { version: true },
    });
    if (!registered) return describeTraining(trainingRunId, run);
    return await this.promote(action, trainingRunId, registered.version);
  }

  async verify({ modelName, result }: RunningAction) {
    return await askServed(
      { registry: this.registry, serving: this.serving },
      modelName,
      Promoted.parse(result).version,
    );
  }

  readonly compensate = async ({ id, modelName, result, arguments: given }: RunningAction) => {
    const { version } = Promoted.parse(result);
    const { expectedLiveVersion } = Arguments.parse(given);
    const decisionId = deriveId(`compensation:${id}`);
    const reason = `Version ${version} was promoted by decision ${id} but did not come to be served.`;
    try {
      const request = { expectedLiveVersion: version, toVersion: expectedLiveVersion, decisionId, reason };
      return { decisionId, liveVersion: (await this.registry.rollBack(modelName, request)).toVersion };
    } catch (error) {
      // Somebody has put another version live since: nothing of ours is left to undo.
      if (isDomainError(error, 'promotion-conflict'))
        return { decisionId, note: 'Another version went live meanwhile.' };
      throw error;
    }
  };

  private async askTraining(action: RunningAction, trainingRunId: string, record: RecordStep): Promise<void> {
    const { dataset, parts, version, labelledUntil } = Arguments.parse(action.arguments);
    // Labelled predictions are not learned from beside an uploaded table: its next version brings its own labels.
    const data =
      version === undefined
        ? {
            dataset,
            labelledUntil,
            recentFrom: new Date(action.evidence.windowStart).toISOString(),
            ...(parts.length > 0 && { parts }),
          }
        : { dataset, version };
    await record({ trainingRunId }, async (tx) => {
      await this.outbox.enqueue(tx, 'training.requested', {
        v: 1,
        trainingRunId,
        modelName: action.modelName,
        data,
        algorithms: null,
        testSize: null,
        seed: null,
        reason: action.reason,
        requestedBy: ACTING_AS_AGENT,
        decisionId: action.id,
        promote: 'by-decision',
      });
    });
  }

  private async promote(action: RunningAction, trainingRunId: string, version: number): Promise<StepOutcome> {
    const { id: decisionId, modelName, reason } = action;
    const { gate } = await this.registry.version(modelName, version);
    const result = { trainingRunId, version, gate };
    if (gate?.admitted !== true) {
      const refusals = (gate?.refusals ?? []).map(({ message }) => message).join(' ');
      const message = `Version ${version} is not better: it stays where it is. ${refusals}`.trim();
      return { kind: 'failed', code: 'candidate-not-admitted', message, result };
    }
    const { expectedLiveVersion } = Arguments.parse(action.arguments);
    const promotion = await this.registry.promote(modelName, version, {
      stage: 'production',
      expectedLiveVersion,
      decisionId,
      reason,
      force: false,
    });
    return { kind: 'done', result: { ...result, promotedAt: promotion.at, replaced: promotion.fromVersion } };
  }
}

/** The rows are the truth; the jobs `version.registered` and `training.failed` only say when to look. */
function describeTraining(
  trainingRunId: string,
  run: { readonly state: string; readonly error: unknown } | null,
): StepOutcome {
  const result = { trainingRunId, training: run?.state ?? 'requested' };
  if (!run || run.state === 'queued' || run.state === 'running') return { kind: 'waiting', result };
  if (run.state === 'succeeded')
    return { kind: 'failed', code: 'no-candidate', message: 'The training ended without a version.', result };
  const failure = Failure.safeParse(run.error).data;
  const code = run.state === 'cancelled' ? 'training-cancelled' : 'training-failed';
  const message = failure ? `${failure.message} (${failure.code})` : `The training was ${run.state}.`;
  return { kind: 'failed', code, message, result };
}
