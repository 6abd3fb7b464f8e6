import type { AnswerRoute, LoggedRows } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { currentTracing, InvalidInputError } from '@gimbal/platform';
import { ORDINARY, type Urgency } from '../inference/batcher.js';
import type { FailureReason } from '../inference/version-statistics.js';
import type { PredictionLog } from '../prediction-log/prediction-log.js';
import type { ServedModel, ServedModels, ServedVersion } from '../traffic/served-models.js';
import { type Decisions, decideAnswers } from './decide-answers.js';
import { endOfTurn } from './end-of-turn.js';
import { findStandIn } from './find-stand-in.js';
import { findModel, findVersion } from './find-version.js';
import { toLoggedRows } from './log-rows.js';
import { CircuitOpenError } from './predict-error.js';
import type { PredictionCache } from './prediction-cache.js';
import { isOurFault, type PredictionWatcher } from './prediction-watcher.js';
import { routeOf } from './route-of.js';
import type { ReadRows } from './row-reader.js';
import { ShadowTrials } from './shadow-trials.js';

export interface PredictServiceParts {
  readonly models: ServedModels;
  readonly log: Pick<PredictionLog, 'append'>;
  readonly cache: PredictionCache;
  readonly watcher: PredictionWatcher;
  readonly receipts: Receipts;
}

/** What is asked, whatever the protocol. */
export interface Question {
  readonly modelName: string;
  /** undefined: the traffic plan chooses. */
  readonly version: number | undefined;
  /**
   * The rows, read once it is known which version answers.
   * @throws InvalidInputError, DomainError
   */
  readonly rowsOf: (version: ServedVersion) => ReadRows;
  /** Default: as everybody. */
  readonly urgency?: Urgency;
  /** Each row is run alone and gets a receipt. */
  readonly withReceipts?: boolean;
}

/** Who asks. */
export interface Asker {
  /** The unit that a canary or an A/B test keeps on one side; null: each request by itself. */
  readonly trafficKey: string | null;
  readonly requestId: string;
  /** When the answer is of no use any more, ms from the beginning on; absent: never. */
  readonly timeLeftMs?: number | undefined;
  /** Of this one inference: two of one seed would get the same prediction ids. Absent: one is drawn. */
  readonly idSeed?: Uint8Array | undefined;
}

interface Attempt {
  readonly question: Question;
  readonly asker: Asker;
  readonly startedMs: number;
}

/** What was computed and logged. */
export interface Inferred {
  /** Which answered. */
  readonly version: ServedVersion;
  /** Which should have answered, but is out of service; null: none but `version`. */
  readonly insteadOf: ServedVersion | null;
  readonly read: ReadRows;
  readonly logged: LoggedRows;
  readonly decisions: Decisions;
  /** What the graph says, row by row: one number, or one for each class. */
  readonly numbers: Float32Array;
  /** Of each row; null when none were asked for. */
  readonly receipts: readonly string[] | null;
}

/** A receipt for each row, in order. */
export type SignReceipts = (inferred: Inferred, route: AnswerRoute) => Promise<string[]>;

export interface Receipts {
  /** Makes ready to sign, before anything is answered that a receipt is wanted of. @throws DomainError `storage-failed` */
  open(): Promise<SignReceipts>;
}

/** Of one request: each is a run and a signature. */
const RECEIPTS_MAX = 1_000;

const tooManyReceipts = (): InvalidInputError =>
  new InvalidInputError([{ path: 'receipt', message: `is given for at most ${RECEIPTS_MAX} rows of one request` }]);

/** Predicts: choose the version, read the rows, compute, log, and only then say it. Knows no protocol. */
export class PredictService {
  private readonly parts: PredictServiceParts;
  private readonly shadows: ShadowTrials;

  constructor(parts: PredictServiceParts) {
    this.parts = parts;
    this.shadows = new ShadowTrials(parts.watcher);
  }

  /**
   * Resolves when the rows are in the prediction log; a failure is counted and thrown.
   *
   * @param read the question; what it throws counts as a refusal, too
   * @throws InvalidInputError, DomainError `model-not-found`, `version-not-found`, `no-live-version`, `no-model-available`, `circuit-open`,
   *   `overloaded`, `timeout`, `storage-full`, `storage-failed`, and what `read` and `rowsOf` throw
   */
  async infer(read: () => Question, asker: Asker): Promise<Inferred> {
    const startedMs = performance.now();
    let known: string | undefined;
    try {
      const question = read();
      const model = findModel(this.parts.models, question.modelName);
      known = model.name;
      const sign = question.withReceipts ? await this.parts.receipts.open() : null;
      const inferred = await this.compute(model, { question, asker, startedMs });
      this.shadows.begin(model, inferred);
      currentTracing()?.describe({
        'gimbal.model': model.name,
        'gimbal.model_version': inferred.version.planned.version,
        'gimbal.rows': inferred.read.count,
      });
      if (!sign) return inferred;
      const { version, insteadOf } = inferred;
      const answered = version.planned.version;
      const route = routeOf(model.plan, { answered, named: question.version, isInstead: insteadOf !== null });
      return { ...inferred, receipts: await sign(inferred, route) };
    } catch (error) {
      this.parts.watcher.refused(known, error, isOurFault(error));
      throw error;
    }
  }

  /** By the version that the plan chooses; by the one that stands in for it while it is out of service, unless the caller named it. */
  private async compute(model: ServedModel, attempt: Attempt): Promise<Inferred> {
    const { question, asker, startedMs } = attempt;
    const isNamed = question.version !== undefined;
    const planned = findVersion(model, question.version, asker.trafficKey ?? asker.requestId);
    const standIn = isNamed ? undefined : findStandIn(model, planned, startedMs);
    if (standIn) return this.computeInstead(planned, standIn, attempt);
    try {
      return await this.computeBy(planned, attempt);
    } catch (error) {
      this.countFailure(planned, error, startedMs);
      const isFailing = !isNamed && isDomainError(error, 'no-model-available');
      const next = isFailing ? findStandIn(model, planned, performance.now()) : undefined;
      if (!next) throw error;
      return this.computeInstead(planned, next, attempt);
    }
  }

  private async computeInstead(planned: ServedVersion, standIn: ServedVersion, attempt: Attempt): Promise<Inferred> {
    planned.graph.tryAgain();
    try {
      const inferred = await this.computeBy(standIn, attempt);
      this.parts.watcher.failedOver(planned.modelName, planned.planned.version, inferred.read.count);
      return { ...inferred, insteadOf: planned };
    } catch (error) {
      this.countFailure(standIn, error, attempt.startedMs);
      throw error;
    }
  }

  private countFailure({ modelName, planned, graph }: ServedVersion, error: unknown, startedMs: number): void {
    graph.statistics.failures[reasonOf(error)].add(performance.now() - startedMs);
    if (isOurFault(error) === 'ours') this.parts.watcher.failed(modelName, planned.version);
  }

  private async computeBy(version: ServedVersion, { question, asker, startedMs }: Attempt): Promise<Inferred> {
    const { definition, graph } = version;
    const { breaker, statistics } = graph;
    const read = question.rowsOf(version);
    if (question.withReceipts && read.count > RECEIPTS_MAX) throw tooManyReceipts();
    const readMs = performance.now();
    statistics.input.add(readMs - startedMs);
    const admission = breaker.admit(readMs);
    if (!admission.admitted) throw new CircuitOpenError(admission.retryAfterSeconds);
    const urgency = hurry(question.urgency, asker.timeLeftMs, startedMs);
    const answers = question.withReceipts
      ? await graph.score(read.features, read.count, read.queries, { ...urgency, isAlone: true })
      : await this.score(version, read, urgency);
    const answeredMs = performance.now();
    const decisions = decide(version, answers, read.count);
    const latencyMs = Math.round((answeredMs - startedMs) * 1_000) / 1_000;
    const logged = toLoggedRows({ read, decisions, latencyMs, asker, definition });
    statistics.output.add(performance.now() - answeredMs);
    await this.parts.log.append(definition, logged);
    statistics.confidenceSum += this.parts.watcher.answered({
      modelName: version.modelName,
      version: version.planned.version,
      rows: read.count,
      task: version.planned.signature.task,
      probabilities: decisions.probabilities,
      latencyMs,
    });
    statistics.answered(read.count, performance.now() - startedMs);
    return { version, insteadOf: null, read, logged, decisions, numbers: decisions.classes ?? answers, receipts: null };
  }

  private score(
    { planned, graph }: ServedVersion,
    { features, queries, count }: ReadRows,
    urgency: Urgency,
  ): Promise<Float32Array> {
    const { cache, watcher } = this.parts;
    // What is less urgent would only push out what others come back for, and be waited for.
    const isRemembered = !queries && planned.signature.cache !== 'off' && urgency.priority <= ORDINARY.priority;
    const keys = isRemembered ? cache.keysOf(planned.id, features, count) : undefined;
    if (!keys) return graph.score(features, count, queries, urgency);
    const lookedAtMs = performance.now();
    const remembered = cache.find(keys);
    const mayShare = !remembered && urgency.priority === ORDINARY.priority;
    const shared = mayShare ? cache.underWay(keys) : undefined;
    watcher.looked(count, remembered ? 'hit' : shared ? 'shared' : 'miss');
    const { cacheHit, cacheMiss } = graph.statistics;
    (remembered ? cacheHit : cacheMiss).add(performance.now() - lookedAtMs);
    if (remembered) return endOfTurn().then(() => remembered);
    if (shared)
      return shared.catch((error: unknown) => {
        if (!isDomainError(error, 'timeout')) throw error;
        return graph.score(features, count, null, urgency); // what the first could not wait for, others may
      });
    return cache.keepOnceComputed(keys, graph.score(features, count, null, urgency));
  }
}

function reasonOf(error: unknown): FailureReason {
  if (isDomainError(error, 'no-model-available')) return 'graph';
  return isDomainError(error, 'overloaded') || isDomainError(error, 'timeout') ? 'queue' : 'other';
}

const decide = ({ planned, threshold }: ServedVersion, answers: Float32Array, rows: number): Decisions =>
  decideAnswers(planned.signature, { answers, rows, threshold });

/** The earlier of what the question and the caller's time allow. */
function hurry(urgency: Urgency = ORDINARY, timeLeftMs: number | undefined, startedMs: number): Urgency {
  if (timeLeftMs === undefined || startedMs + timeLeftMs >= urgency.deadlineMs) return urgency;
  return { ...urgency, deadlineMs: startedMs + timeLeftMs };
}
