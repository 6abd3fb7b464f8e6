import type { PredictAnswer, PredictCall, PredictRoute } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ExplainService } from '../../explain/explain.service.js';
import { isReady, readVersion } from '../../predict/find-version.js';
import type { PredictService, Question } from '../../predict/predict.service.js';
import type { ServedModels } from '../../traffic/served-models.js';
import { answerJson } from '../answer-json.js';
import { parseJsonBody } from '../parse-json-body.js';
import type { Protocol } from '../protocol.js';
import { checkMethod, type PredictionMethod, readMethod, showPredictions } from '../tables/prediction-method.js';
import { readTable } from '../tables/table.js';
import { readExplainRequest, readPredictRequest } from './read-request.js';
import { showExplanations } from './show-explanations.js';

export interface KServeV1Options {
  readonly service: Pick<PredictService, 'infer'>;
  readonly explain: Pick<ExplainService, 'explain'>;
  readonly models: ServedModels;
  readonly rowsMax: number;
}

/** KServe's V1 protocol: instances in, predictions out. */
export class KServeV1Protocol implements Protocol {
  constructor(private readonly options: KServeV1Options) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    const answer = this.answers[call.route];
    if (!answer) throw new DomainError('route-not-found', 'This route does not speak KServe V1.');
    return answer(call);
  }

  private readonly answers: Readonly<Partial<Record<PredictRoute, (call: PredictCall) => Promise<PredictAnswer>>>> = {
    v1Models: async () => answerJson({ models: Array.from(this.options.models.all, ({ name }) => name) }),
    v1Model: async (call) => this.describeReady(call),
    v1Version: async (call) => this.describeReady(call),
    v1Predict: (call) => this.predict(call),
    v1VersionPredict: (call) => this.predict(call),
    v1Explain: (call) => this.explain(call),
    v1VersionExplain: (call) => this.explain(call),
  };

  private describeReady({ params }: PredictCall): PredictAnswer {
    const name = params['model'] ?? '';
    if (!isReady(this.options.models, name, readVersion(params['version'])))
      throw new DomainError('no-model-available', `The model ${name} is not ready.`);
    return answerJson({ name, ready: true });
  }

  private async predict(call: PredictCall): Promise<PredictAnswer> {
    let method: PredictionMethod = 'predict';
    const read = (): Question => {
      const { table, parameters } = readPredictRequest(parseJsonBody(call.body), this.options.rowsMax);
      method = readMethod(parameters, 'parameters');
      return {
        modelName: call.params['model'] ?? '',
        version: readVersion(call.params['version']),
        rowsOf: (version) => {
          checkMethod(method, version, 'parameters');
          return readTable(table, version);
        },
      };
    };
    const inferred = await this.options.service.infer(read, call);
    return answerJson({ predictions: showPredictions(inferred, method), prediction_id: inferred.logged.firstId });
  }

  private async explain({ body, params }: PredictCall): Promise<PredictAnswer> {
    const { table, rowCount, top } = readExplainRequest(parseJsonBody(body));
    const explained = await this.options.explain.explain({
      modelName: params['model'] ?? '',
      ...{ version: readVersion(params['version']), class: undefined, top, rowCount },
      rowsOf: (version) => readTable(table, version),
    });
    return answerJson(showExplanations(explained));
  }
}
