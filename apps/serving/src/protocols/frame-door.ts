import { decodePredictCall, encodePredictAnswer, type PredictCall } from '@gimbal/contracts';
import {
  type AnswerItem,
  buildProblem,
  type FrameAddress,
  FrameServer,
  findCaller,
  type Logger,
} from '@gimbal/platform';
import type { AnswerService } from './answer.service.js';
import type { Door } from './doors.js';

export interface FrameDoorOptions {
  readonly address: FrameAddress;
  readonly trustedCallers: ReadonlyMap<string, Buffer>;
  readonly service: Pick<AnswerService, 'answer'>;
  readonly logger: Logger;
}

const DRAIN_MS = 5_000;
const CALLER = 'gateway';

/** Where predictions come in: frames from the gateway, and from nobody else. */
export class FrameDoor implements Door {
  private readonly server: FrameServer;
  private readonly options: FrameDoorOptions;

  constructor(options: FrameDoorOptions) {
    this.options = options;
    const { address, logger, trustedCallers } = options;
    this.server = new FrameServer({
      address,
      logger,
      admit: (name, key) => findCaller(trustedCallers, key) === CALLER && name === CALLER,
      take: (item, answer) => this.take(item, answer),
    });
  }

  /** @returns the address, with the port that was taken when 0 was asked for */
  listen(): Promise<FrameAddress> {
    return this.server.listen();
  }

  close(): Promise<void> {
    return this.server.close(DRAIN_MS);
  }

  private take(item: Uint8Array, answer: AnswerItem): void {
    const { logger, service } = this.options;
    let call: PredictCall;
    try {
      call = decodePredictCall(item);
    } catch (error) {
      logger.error({ err: error }, 'the gateway sent a call that cannot be read');
      const problem = buildProblem('internal-error', 'The failure was logged.', '');
      answer(
        encodePredictAnswer({
          status: problem.status,
          contentType: 'application/problem+json; charset=utf-8',
          retryAfterSeconds: 0,
          body: Buffer.from(JSON.stringify(problem)),
        }),
      );
      return;
    }
    void service.answer(call).then((reply) => answer(encodePredictAnswer(reply)));
  }
}
