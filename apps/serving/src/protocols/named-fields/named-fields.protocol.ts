import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import type { PredictService } from '../../predict/predict.service.js';
import type { ServedModels } from '../../traffic/served-models.js';
import { answerJson } from '../answer-json.js';
import { findModelApi } from '../model-docs/find-model-api.js';
import type { Protocol } from '../protocol.js';
import { eventText } from '../streams/event-text.js';
import type { PredictionStreams } from '../streams/prediction-streams.js';
import { type NamedFieldsCall, type RouteModels, readQuestion } from './read-question.js';
import { showAnswers } from './show-answers.js';

export interface NamedFieldsOptions {
  readonly service: Pick<PredictService, 'infer'>;
  /** Models behind the routes that name none. */
  readonly routeModels: RouteModels;
  readonly rowsMax: number;
  readonly models: ServedModels;
  readonly streams: PredictionStreams;
  /** Most rows of one stream. */
  readonly streamRowsMax: number;
}

/** Gimbal's own form: rows of named fields in, one result per row out. */
export class NamedFieldsProtocol implements Protocol {
  constructor(private readonly options: NamedFieldsOptions) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    if (call.route === 'modelOpenApi')
      return answerJson(findModelApi(this.options.models, call.params['model'] ?? '', undefined));
    const own = call as NamedFieldsCall; // its routes come here and no others
    if (own.route === 'predictModelStream') return this.stream(own);
    const inferred = await this.options.service.infer(() => readQuestion(own, this.options), call);
    return {
      status: 200,
      contentType: 'application/json; charset=utf-8',
      retryAfterSeconds: 0,
      body: Buffer.from(JSON.stringify(showAnswers(own.route, inferred))),
    };
  }

  /** Events `results`, each with the results of some rows, then `end`. */
  private stream(call: NamedFieldsCall): Promise<PredictAnswer> {
    const { routeModels, streams, streamRowsMax: rowsMax } = this.options;
    return streams.answer(call, () => ({
      read: () => readQuestion(call, { routeModels, rowsMax }),
      show: (inferred, { rowsDone, rowsTotal }) => {
        const progress = { rows_done: rowsDone, rows_total: rowsTotal };
        const results = eventText(JSON.stringify({ ...showAnswers(call.route, inferred), ...progress }), 'results');
        return rowsDone < rowsTotal ? results : results + eventText(JSON.stringify(progress), 'end');
      },
    }));
  }
}
