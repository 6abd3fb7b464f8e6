import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { describeProblem, type Logger } from '@gimbal/platform';
import type { PredictionLog } from '../prediction-log/prediction-log.js';
import type { LoggedRow } from '../prediction-log/spool-record.js';
import { chooseVersion } from '../traffic/choose-version.js';
import type { ServedModel, ServedModels, ServedVersion } from '../traffic/served-models.js';
import { CircuitOpenError, retryAfterSeconds } from './predict-error.js';
import type { PredictionCache } from './prediction-cache.js';
import { createPredictionId } from './prediction-id.js';
import type { PredictionWatcher } from './prediction-watcher.js';
import { type Question, readQuestion } from './read-question.js';
import type { ReadRows } from './row-reader.js';

export interface PredictServiceParts {
  readonly models: ServedModels;
  readonly log: Pick<PredictionLog, 'append'>;
  readonly cache: PredictionCache;
  readonly watcher: PredictionWatcher;
  readonly logger: Logger;
  readonly defaultModel: string;
  readonly rowsMax: number;
}

interface Computed {
  readonly model: ServedModel;
  readonly version: ServedVersion;
  readonly read: ReadRows;
  readonly logged: readonly LoggedRow[];
  readonly probabilities: Float32Array;
}

/** Answers a prediction: choose the version, read the rows, compute, log, and only then say it. */
export class PredictService {
  private readonly parts: PredictServiceParts;

  constructor(parts: PredictServiceParts) {
    this.parts = parts;
  }

  /** Never throws: a failure is an answer, too. */
  async answer(call: PredictCall): Promise<PredictAnswer> {
    const startedMs = performance.now();
    let known: string | undefined;
    try {
      const question = readQuestion(call, this.parts);
      const model = this.findModel(question.modelName);
      known = model.name;
      const computed = await this.compute(model, question, call, startedMs);
      this.tryShadows(computed);
      const results = computed.logged.map((row) => wireOf(row, computed.version));
      const body = JSON.stringify(call.route === 'predict' ? results[0] : { results });
      return {
        status: 200,
        contentType: 'application/json; charset=utf-8',
        retryAfterSeconds: 0,
        body: Buffer.from(body),
      };
    } catch (error) {
      return this.refuse(error, call, known);
    }
  }

  private findModel(name: string): ServedModel {
    const { models } = this.parts;
    const model = models.find(name);
    if (model) return model;
    if (!models.isInformed)
      throw new DomainError('no-model-available', 'Serving has not yet learned which models there are.');
    throw new DomainError('model-not-found', 'There is no model of this name.');
  }

  /** The version that the caller names, or that the traffic plan chooses for this unit. */
  private chooseVersion(model: ServedModel, asked: number | undefined, key: string): ServedVersion {
    const { versions, refused, plan, name } = model;
    const chosen = asked ?? chooseVersion(name, plan, key);
    if (chosen === null) throw new DomainError('no-live-version', 'The model has no live version; promote one.');
    const version = versions.get(chosen);
    if (version) return version;
    const live = asked === undefined && plan.live !== null ? versions.get(plan.live) : undefined;
    if (live) return live; // a canary or an arm that can't be loaded takes nobody's answer away
    const planned = refused.has(chosen) || chosen === plan.live || asked === undefined;
    if (planned)
      throw new DomainError(
        'no-model-available',
        `Version ${chosen} is not loaded${refused.has(chosen) ? ': its file cannot be served' : ' yet'}.`,
      );
    throw new DomainError('version-not-found', `Version ${chosen} is not in this model's traffic plan.`);
  }

  private async compute(
    model: ServedModel,
    question: Question,
    call: PredictCall,
    startedMs: number,
  ): Promise<Computed> {
    const version = this.chooseVersion(model, question.version, call.trafficKey ?? call.requestId);
    const read = version.reader.read(question.rows, question.prefix, question.coding);
    const admission = version.graph.breaker.admit(performance.now());
    if (!admission.admitted) throw new CircuitOpenError(admission.retryAfterSeconds);
    const probabilities = await this.score(version, read);
    const latencyMs = Math.round((performance.now() - startedMs) * 1_000) / 1_000;
    const logged = toLoggedRows({ version, read, probabilities, latencyMs, requestId: call.requestId });
    await this.parts.log.append(version.definition, logged);
    this.parts.watcher.answered({ modelName: model.name, version: version.planned.version, probabilities, latencyMs });
    return { model, version, read, logged, probabilities };
  }

  private async score({ planned, graph }: ServedVersion, { features, count }: ReadRows): Promise<Float32Array> {
    const { cache, watcher } = this.parts;
    const keys = cache.keysOf(planned.id, features, count);
    if (!keys) return graph.batcher.score(features, count);
    const remembered = cache.find(keys);
    watcher.looked(count, remembered ? 'hit' : 'miss');
    if (remembered) return remembered;
    const probabilities = await graph.batcher.score(features, count);
    cache.keep(keys, probabilities);
    return probabilities;
  }

  /** Behind the answer: nothing of a shadow version reaches the caller, neither its result, nor its time, nor its failure. */
  private tryShadows({ model, version, read, probabilities }: Computed): void {
    for (const shadow of model.plan.shadow ?? []) {
      const tried = model.versions.get(shadow);
      if (!tried || tried === version) continue;
      setImmediate(() => {
        tried.graph.batcher.score(read.features, read.count).then(
          (others) => {
            const differing = others.reduce(
              (sum, other, row) =>
                sum + (other >= tried.threshold !== (probabilities[row] ?? 0) >= version.threshold ? 1 : 0),
              0,
            );
            if (differing > 0) this.parts.watcher.shadowed(model.name, shadow, 'differs', differing);
            if (read.count > differing)
              this.parts.watcher.shadowed(model.name, shadow, 'agrees', read.count - differing);
          },
          () => this.parts.watcher.shadowed(model.name, shadow, 'failed', read.count),
        );
      });
    }
  }

  private refuse(error: unknown, call: PredictCall, known: string | undefined): PredictAnswer {
    const { problem, expected } = describeProblem(error, call.requestId);
    if (!expected)
      this.parts.logger.error({ err: error, request_id: call.requestId, code: problem.code }, 'prediction failed');
    this.parts.watcher.refused(known, error, problem.status >= 500 ? 'ours' : 'theirs');
    return {
      status: problem.status,
      contentType: 'application/problem+json; charset=utf-8',
      retryAfterSeconds: retryAfterSeconds(error),
      body: Buffer.from(JSON.stringify(problem)),
    };
  }
}

interface RowsToLog {
  readonly version: ServedVersion;
  readonly read: ReadRows;
  readonly probabilities: Float32Array;
  readonly latencyMs: number;
  readonly requestId: string;
}

function toLoggedRows({ version, read, probabilities, latencyMs, requestId }: RowsToLog): readonly LoggedRow[] {
  const createdAtMs = Date.now();
  const width = read.values.length / read.count;
  return Array.from(
    probabilities,
    (probability, row): LoggedRow => ({
      id: createPredictionId(createdAtMs),
      createdAtMs,
      prediction: probability >= version.threshold ? 1 : 0,
      probability,
      latencyMs,
      requestId,
      values: read.values.subarray(row * width, (row + 1) * width),
      warnings: read.warnings[row] ?? [],
    }),
  );
}

/** A row as `Prediction` has it on the wire; a test holds the two together. */
function wireOf(row: LoggedRow, { definition }: ServedVersion): object {
  return {
    prediction_id: row.id,
    prediction: row.prediction,
    probability: row.probability,
    threshold: definition.threshold,
    model_name: definition.modelName,
    model_version: definition.modelVersion,
    latency_ms: row.latencyMs,
    warnings: row.warnings.map(({ input, code }) => {
      const { name = '', missing = '', outside = '' } = definition.inputs[input] ?? {};
      return { field: name, code, message: code === 'missing' ? missing : outside };
    }),
  };
}
