import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import type { PredictService } from '../../predict/predict.service.js';
import type { Protocol } from '../protocol.js';
import { type NamedFieldsCall, type RouteModels, readQuestion } from './read-question.js';
import { showAnswers } from './show-answers.js';

export interface NamedFieldsOptions {
  readonly service: Pick<PredictService, 'infer'>;
  /** Models behind the routes that name none. */
  readonly routeModels: RouteModels;
  readonly rowsMax: number;
}

/** Gimbal's own form: rows of named fields in, one result per row out. */
export class NamedFieldsProtocol implements Protocol {
  constructor(private readonly options: NamedFieldsOptions) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    const own = call as NamedFieldsCall; // its routes come here and no others
    const inferred = await this.options.service.infer(() => readQuestion(own, this.options), call);
    return {
      status: 200,
      contentType: 'application/json; charset=utf-8',
      retryAfterSeconds: 0,
      body: Buffer.from(JSON.stringify(showAnswers(own.route, inferred))),
    };
  }
}
