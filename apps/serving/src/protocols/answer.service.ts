import {
  PREDICT_ROUTES,
  type PredictAnswer,
  type PredictCall,
  type PredictProtocol,
  wordRefusal,
} from '@gimbal/contracts';
import { describeProblem, type Logger } from '@gimbal/platform';
import { retryAfterSeconds } from '../predict/predict-error.js';
import { inflateBody } from './inflate-body.js';
import type { Protocol } from './protocol.js';

export interface AnswerServiceOptions {
  readonly protocols: Readonly<Record<PredictProtocol, Protocol>>;
  /** Largest body, uncompressed. */
  readonly bodyBytesMax: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** Answers the calls of the data plane, each in the protocol of its route, through whatever door it came. */
export class AnswerService {
  constructor(private readonly options: AnswerServiceOptions) {}

  /** Never throws: a failure is an answer, too. */
  async answer(call: PredictCall): Promise<PredictAnswer> {
    const { protocols, bodyBytesMax } = this.options;
    const { protocol } = PREDICT_ROUTES[call.route];
    try {
      const encoding = call.headers['content-encoding'];
      const readable =
        encoding === undefined ? call : { ...call, body: await inflateBody(call.body, encoding, bodyBytesMax) };
      return await protocols[protocol].answer(readable);
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
