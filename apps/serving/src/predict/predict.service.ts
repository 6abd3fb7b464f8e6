import type { PredictAnswer, PredictCall, Task } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { describeProblem, type Logger } from '@gimbal/platform';
import type { PredictionLog } from '../prediction-log/prediction-log.js';
import type { LoggedRow } from '../prediction-log/spool-record.js';
import type { ServedModel, ServedModels, ServedVersion } from '../traffic/served-models.js';
import { agrees, type Decision, decideAnswers } from './decide-answers.js';
import { findModel, findVersion } from './find-version.js';
import { toLoggedRows } from './log-rows.js';
import { CircuitOpenError, retryAfterSeconds } from './predict-error.js';
import type { PredictionCache } from './prediction-cache.js';
import type { PredictionWatcher } from './prediction-watcher.js';
import { type Question, type RouteModels, readQuestion } from './read-question.js';
import type { ReadRows } from './row-reader.js';
import { type AnsweredRow, showAnswers } from './show-answers.js';

export interface PredictServiceParts {
  readonly models: ServedModels;
  readonly log: Pick<PredictionLog, 'append'>;
  readonly cache: PredictionCache;
  readonly watcher: PredictionWatcher;
  readonly logger: Logger;
  /** Models behind the routes that name none. */
  readonly routeModels: RouteModels;
  readonly rowsMax: number;
}

interface Computed {
  readonly model: ServedModel;
  readonly version: ServedVersion;
  readonly read: ReadRows;
  readonly logged: readonly LoggedRow[];
  readonly decisions: readonly Decision[];
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
      const model = findModel(this.parts.models, question.modelName);
      known = model.name;
      const computed = await this.compute(model, question, call, startedMs);
      this.tryShadows(computed);
      const { logged, decisions, version } = computed;
      const answered = decisions.map((decision, index) => ({ row: logged[index], decision })) as AnsweredRow[]; // one logged row for each decision
      const body = JSON.stringify(showAnswers(call.route, answered, version));
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

  private async compute(
    model: ServedModel,
    question: Question,
    call: PredictCall,
    startedMs: number,
  ): Promise<Computed> {
    const version = findVersion(model, question.version, call.trafficKey ?? call.requestId);
    checkTask(call.route, version);
    const read = version.reader.read(renameQuery(question, call, version), question.prefix, question.coding);
    const admission = version.graph.breaker.admit(performance.now());
    if (!admission.admitted) throw new CircuitOpenError(admission.retryAfterSeconds);
    const answers = await this.score(version, read);
    const decisions = decide(version, answers, read.count);
    const latencyMs = Math.round((performance.now() - startedMs) * 1_000) / 1_000;
    const logged = toLoggedRows({ read, decisions, latencyMs, requestId: call.requestId });
    await this.parts.log.append(version.definition, logged);
    this.parts.watcher.answered({
      modelName: model.name,
      version: version.planned.version,
      rows: read.count,
      confidences: decisions.flatMap(({ confidence }) => (confidence === null ? [] : [confidence])),
      latencyMs,
    });
    return { model, version, read, logged, decisions };
  }

  private async score(
    { planned, graph }: ServedVersion,
    { features, queries, count }: ReadRows,
  ): Promise<Float32Array> {
    const { cache, watcher } = this.parts;
    const keys = queries ? undefined : cache.keysOf(planned.id, features, count);
    if (!keys) return graph.batcher.score(features, count, queries);
    const remembered = cache.find(keys);
    watcher.looked(count, remembered ? 'hit' : 'miss');
    if (remembered) return remembered;
    const answers = await graph.batcher.score(features, count);
    cache.keep(keys, answers);
    return answers;
  }

  /** Behind the answer: nothing of a shadow version reaches the caller, neither its result, nor its time, nor its failure. */
  private tryShadows({ model, version, read, decisions }: Computed): void {
    for (const shadow of model.plan.shadow ?? []) {
      const tried = model.versions.get(shadow);
      if (!tried || tried === version) continue;
      setImmediate(() => {
        tried.graph.batcher.score(read.features, read.count, read.queries).then(
          (answers) => {
            const others = decide(tried, answers, read.count);
            const { signature } = version.planned;
            const differing = decisions.filter((one, row) => {
              const other = others[row];
              return !other || !agrees(signature, one, other);
            }).length;
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

const decide = ({ planned, threshold }: ServedVersion, answers: Float32Array, rows: number): readonly Decision[] =>
  decideAnswers(planned.signature, { answers, rows, threshold });

const TASK_OF_ROUTE: Readonly<Partial<Record<PredictCall['route'], Task>>> = {
  predict: 'binary-classification',
  predictIntent: 'text-classification',
  predictAnomaly: 'anomaly-detection',
};

/** A short route promises an answer of one form; the model behind it must give such answers. */
function checkTask(route: PredictCall['route'], { modelName, planned }: ServedVersion): void {
  const wanted = TASK_OF_ROUTE[route];
  if (wanted === undefined || planned.signature.task === wanted) return;
  throw new DomainError(
    'task-mismatch',
    `${modelName} version ${planned.version} does ${planned.signature.task}, and this route answers ${wanted}; ask /api/v1/models/${modelName}/predict.`,
  );
}

/** `/predict/intent` calls the text `query`, whatever the column was called that the model learned from. */
function renameQuery({ rows }: Question, { route }: PredictCall, { planned }: ServedVersion): readonly unknown[] {
  const column = planned.signature.inputs[0]?.name;
  if (route !== 'predictIntent' || column === undefined || column === 'query') return rows;
  return rows.map((row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
    const { query, ...rest } = row as { query?: unknown }; // an object, as was just checked
    return { ...rest, [column]: query };
  });
}
