import type { PredictCaller } from '../predict-http/predict-caller.js';
import type { SentMessage } from './cut-messages.js';

/** A call, before its messages; what it is told goes to the caller with a refusal. */
export interface GrpcCall extends PredictCaller {
  readonly requestId: string;
  /** `performance.now()` after which no answer is of use; Infinity without one. */
  readonly deadlineMs: number;
}

/** Answers one message with one. @throws GrpcFailure, DomainError */
export type AnswerMessage = (message: SentMessage) => Promise<Uint8Array>;

/** A method whose every message is answered with one: a single message, or as many as are sent, in their order. */
interface AnsweringMethod {
  readonly kind: 'one' | 'each';
  /** Decides before a message is read whether the call may go on. @throws GrpcFailure, DomainError */
  readonly open: (call: GrpcCall) => AnswerMessage | Promise<AnswerMessage>;
}

/** A method that is asked once and goes on telling. */
interface WatchMethod {
  readonly kind: 'watch';
  /** @returns what ends it. @throws GrpcFailure */
  readonly watch: (message: SentMessage, say: (answer: Uint8Array) => void) => () => void;
}

export type GrpcMethod = AnsweringMethod | WatchMethod;
