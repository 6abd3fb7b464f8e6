import type { SentMessage } from './cut-messages.js';
import type { AnswerMessage } from './grpc-method.js';

interface AnswersInTurnOptions {
  readonly answer: AnswerMessage;
  /** Resolves when there is room for more. */
  readonly say: (answer: Uint8Array) => Promise<void>;
  /** Told after each answer that was said. */
  readonly onSaid: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Messages of one stream that are answered at once, and answers that wait for a slow reader. */
const IN_FLIGHT_MAX = 32;

/** Answers the messages of a stream, some at once, and says the answers in the order of the messages. */
export class AnswersInTurn {
  private readonly waiting: SentMessage[] = [];
  private inFlight = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: AnswersInTurnOptions) {}

  /** Whether what is taken now would have to wait. */
  get isFull(): boolean {
    return this.inFlight >= IN_FLIGHT_MAX;
  }

  /** Everything that was taken is answered. */
  get isIdle(): boolean {
    return this.inFlight === 0;
  }

  take(message: SentMessage): void {
    if (this.isFull) this.waiting.push(message);
    else this.begin(message);
  }

  /** Begins with no other message. */
  stop(): void {
    this.waiting.length = 0;
  }

  private begin(message: SentMessage): void {
    const { answer, say, onSaid, onFailure } = this.options;
    this.inFlight += 1;
    this.last = Promise.all([answer(message), this.last])
      .then(async ([said]) => {
        await say(said);
        this.inFlight -= 1;
        const next = this.waiting.shift();
        if (next) this.begin(next);
        onSaid();
      })
      .catch(onFailure);
  }
}
