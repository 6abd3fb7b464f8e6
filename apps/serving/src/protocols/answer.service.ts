import {
  PREDICT_ROUTES,
  type PredictAnswer,
  type PredictCall,
  type PredictProtocol,
  wordRefusal,
} from '@gimbal/contracts';
import { describeProblem, Gate, type Logger, traceCalls } from '@gimbal/platform';
import { retryAfterSeconds } from '../predict/predict-error.js';
import { inflateBody } from './inflate-body.js';
import type { Protocol } from './protocol.js';

export interface AnswerServiceOptions {
  readonly protocols: Readonly<Record<PredictProtocol, Protocol>>;
  /** Largest body, uncompressed. */
  readonly bodyBytesMax: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** Compressed requests that are held unpacked at once. */
const INFLATED_MAX = 8;

/** Answers the calls of the data plane, each in the protocol of its route, through whatever door it came. */
export class AnswerService {
  /** Never rejects: a failure is an answer, too. */
  readonly answer: (call: PredictCall) => Promise<PredictAnswer>;
  private readonly options: AnswerServiceOptions;
  /** What waits for its turn is still small. */
  private readonly inflating = new Gate(INFLATED_MAX);

  constructor(options: AnswerServiceOptions) {
    this.options = options;
    this.answer = traceCalls('server', (call) => this.answerBy(call));
  }

  private async answerBy(call: PredictCall): Promise<PredictAnswer> {
    const { protocols, bodyBytesMax } = this.options;
    const { protocol } = PREDICT_ROUTES[call.route];
    try {
      const encoding = call.headers['content-encoding'];
      if (encoding === undefined) return await protocols[protocol].answer(call);
      return await this.inflating.pass(async () => {
        const body = await inflateBody(call.body, encoding, bodyBytesMax);
        return protocols[protocol].answer({ ...call, body });
      });
    } catch (error) {
      return this.refuse(error, call.requestId, protocol);
    }
  }

  private refuse(error: unknown, requestId: string, protocol: PredictProtocol): PredictAnswer {
    const { problem, expected } = describeProblem(error, requestId);
    if (!expected)
      this.options.logger.error({ err: error, request_id: requestId, code: problem.code }, 'prediction failed');
    return { ...wordRefusal(protocol, problem), retryAfterSeconds: retryAfterSeconds(error) };
  }
}
