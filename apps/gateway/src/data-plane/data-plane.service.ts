import {
  decodePredictAnswer,
  encodePredictCallHead,
  PREDICT_ROUTES,
  type PredictAnswer,
  type PredictCall,
  type PredictRouteDefinition,
} from '@gimbal/contracts';
import {
  type ConfigOf,
  describeFrameAddress,
  drawIdSeed,
  FrameClient,
  type Logger,
  parseFrameAddress,
  UnansweredError,
} from '@gimbal/platform';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DeadlineError, withDeadline } from '../timing/with-deadline.js';
import type { dataPlaneConfig } from './data-plane.config.js';
import { QueueBudget } from './queue-budget.js';
import { queueNameOf } from './queue-name.js';
import { Replica } from './replica.js';
import { Replicas } from './replicas.js';
import { RetryBudget } from './retry-budget.js';

export interface DataPlaneOptions {
  readonly config: ConfigOf<{ dataPlane: typeof dataPlaneConfig }>['dataPlane'];
  /** The gateway's own service key; without one serving refuses the connection. */
  readonly serviceKey: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

const UNAVAILABLE = 503;
const ATTEMPTS_MAX = 3;

/** A call under way. */
interface Errand {
  readonly call: PredictCall;
  readonly untilMs: number;
  /** The same at every attempt. */
  readonly idSeed: Uint8Array;
}

/** What a replica made of a call: its answer, or why there is none. */
type Outcome = PredictAnswer | UnansweredError;

/** What no other replica could do better. */
const isFinal = (outcome: Outcome): outcome is PredictAnswer =>
  !(outcome instanceof UnansweredError) && outcome.status !== UNAVAILABLE;

const definitionOf = ({ route }: PredictCall): PredictRouteDefinition => PREDICT_ROUTES[route];

const notConnected = (): UnansweredError =>
  UnansweredError.unsent('service-unavailable', 'No serving process is connected.');

const holderGone = (): UnansweredError =>
  UnansweredError.unsent(
    'service-unavailable',
    'The serving process that held the rows of this stream has ended; send those that are left again.',
  );

/**
 * The way of a prediction to a replica of serving and back. Requests in flight within one turn of the event loop travel in one frame;
 * bodies are carried as they came. A prediction that a replica could not answer goes to another.
 */
export class DataPlane implements OnModuleInit, OnModuleDestroy {
  private readonly replicas: Replicas;
  private readonly retries: RetryBudget;
  private readonly queues: QueueBudget;
  private readonly answerTimeoutMs: number;
  /** Which replica holds what follows a part of a stream. */
  private readonly holders = new WeakMap<PredictAnswer, Replica>();

  constructor({ config, serviceKey, logger }: DataPlaneOptions) {
    const { framesInFlightMax, requestsMax: itemsMax, answerTimeoutMs } = config;
    const shared = { name: 'gateway', key: serviceKey, logger, framesInFlightMax, itemsMax, answerTimeoutMs };
    this.replicas = new Replicas({
      addresses: config.serving.map(parseFrameAddress),
      open: (address, onChange) =>
        new Replica(describeFrameAddress(address), new FrameClient({ ...shared, address, onChange })),
      bridgeMs: config.queueBudgetMs,
      waitingMax: itemsMax,
      logger,
    });
    this.retries = new RetryBudget(itemsMax);
    this.queues = new QueueBudget(config.queueBudgetMs);
    this.answerTimeoutMs = answerTimeoutMs;
  }

  onModuleInit(): void {
    this.replicas.start();
  }

  onModuleDestroy(): void {
    this.replicas.stop();
  }

  /** True while a replica of serving is connected. */
  get ready(): boolean {
    return this.countConnected() > 0;
  }

  /** Replicas of serving that are known, and those that are not connected. */
  get known(): { readonly connected: number; readonly away: number } {
    const connected = this.countConnected();
    return { connected, away: this.replicas.all.length - connected };
  }

  private countConnected(): number {
    return this.replicas.all.filter(({ isConnected }) => isConnected).length;
  }

  /**
   * Serving's answer, whatever its status.
   * @param after the part of a stream that the call goes on from: it goes to the replica that gave that part
   * @throws DomainError `service-unavailable` (at once when no replica is connected), `overloaded`, `timeout`, `payload-too-large`
   */
  async predict(call: PredictCall, after?: PredictAnswer): Promise<PredictAnswer> {
    if (after) return this.follow(call, after);
    const { role } = definitionOf(call);
    if (role === 'operator' || role === 'admin') return this.tellAll(call);
    const enteredMs = performance.now();
    const queue = this.queues.enter(queueNameOf(call), enteredMs);
    try {
      const errand = this.begin(call, enteredMs);
      this.retries.earn();
      const replica = this.replicas.choose(enteredMs) ?? (await this.awaitReplica(enteredMs, errand.untilMs));
      const outcome = await this.ask(replica, errand, enteredMs);
      return isFinal(outcome) ? outcome : await this.askOthers(errand, replica, outcome);
    } finally {
      this.queues.leave(queue, enteredMs, performance.now());
    }
  }

  private async follow(call: PredictCall, after: PredictAnswer): Promise<PredictAnswer> {
    const holder = this.holders.get(after);
    if (!holder?.isConnected) throw holderGone();
    const nowMs = performance.now();
    const outcome = await this.ask(holder, this.begin(call, nowMs), nowMs);
    if (outcome instanceof UnansweredError) throw outcome;
    return outcome;
  }

  private begin(call: PredictCall, nowMs: number): Errand {
    const timeLeftMs = Math.min(call.timeLeftMs ?? this.answerTimeoutMs, this.answerTimeoutMs);
    return { call, untilMs: nowMs + timeLeftMs, idSeed: drawIdSeed(Date.now()) };
  }

  /** @throws UnansweredError `service-unavailable`, `overloaded` */
  private async awaitReplica(nowMs: number, untilMs: number): Promise<Replica> {
    await this.replicas.awaitAny(nowMs, untilMs);
    const replica = this.replicas.choose(performance.now());
    if (!replica) throw notConnected();
    return replica;
  }

  /**
   * After one that could not answer: another, as long as there are time, replicas and budget. The seed of its ids stays the same, so a
   * call that was answered where nobody heard it is in the log once.
   */
  private async askOthers(errand: Errand, first: Replica, firstOutcome: Outcome): Promise<PredictAnswer> {
    const tried = [first];
    let outcome = firstOutcome;
    while (!isFinal(outcome) && tried.length < ATTEMPTS_MAX) {
      const nowMs = performance.now();
      const replica = nowMs < errand.untilMs ? this.replicas.choose(nowMs, tried) : undefined;
      if (!replica || !this.retries.spend()) break;
      tried.push(replica);
      outcome = await this.ask(replica, errand, nowMs);
    }
    if (outcome instanceof UnansweredError) throw outcome;
    return outcome;
  }

  /**
   * One attempt; what it says of the replica is remembered.
   * @throws DomainError what another replica could not mend: `timeout`, `payload-too-large`
   */
  private async ask(replica: Replica, errand: Errand, nowMs: number): Promise<Outcome> {
    const { answered } = replica;
    try {
      const answer = decodePredictAnswer(await this.send(replica, errand, nowMs));
      if (answer.headers?.['stream-cursor'] !== undefined) this.holders.set(answer, replica);
      // That a model is not ready is no refusal where just that was asked.
      if (answer.status !== UNAVAILABLE || definitionOf(errand.call).role !== 'predictor') replica.tellAnswered();
      else replica.tellRefused(performance.now());
      return answer;
    } catch (error) {
      if (!(error instanceof UnansweredError)) throw error;
      const isLate = error.code === 'timeout';
      // A slow model makes late answers, too; the replica is sick when nothing else came either.
      if (isLate ? replica.answered === answered : error.wasSent) replica.tellSilent(performance.now());
      if (isLate) throw error;
      return error;
    }
  }

  private send(replica: Replica, { call, untilMs, idSeed }: Errand, nowMs: number): Promise<Uint8Array> {
    const timeLeftMs = Math.max(1, Math.round(untilMs - nowMs));
    const sending = replica.send(encodePredictCallHead(call, timeLeftMs, idSeed), call.body);
    if (timeLeftMs >= this.answerTimeoutMs) return sending; // the client keeps that time by itself
    return withDeadline(sending, timeLeftMs, 'Serving').catch((error: unknown) => {
      if (!(error instanceof DeadlineError)) throw error;
      throw UnansweredError.sent('timeout', error.message);
    });
  }

  /** What changes a serving process is told to each of them, and never twice. @returns the first refusal, or else what the first said */
  private async tellAll(call: PredictCall): Promise<PredictAnswer> {
    const head = encodePredictCallHead(call);
    const connected = this.replicas.all.filter(({ isConnected }) => isConnected);
    const answers = await Promise.all(
      connected.map(async (replica) => decodePredictAnswer(await replica.send(head, call.body))),
    );
    const answer = answers.find(({ status }) => status >= 300) ?? answers[0];
    if (!answer) throw notConnected();
    return answer;
  }
}
