import type { PredictAnswer, PredictCall, PredictRoute } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { isReady, readVersion } from '../../predict/find-version.js';
import type { PredictService, Question } from '../../predict/predict.service.js';
import type { ServedModels } from '../../traffic/served-models.js';
import { answerJson } from '../answer-json.js';
import type { Protocol } from '../protocol.js';
import { checkMethod, type PredictionMethod, showPredictions } from '../tables/prediction-method.js';
import { readTable } from '../tables/table.js';
import { openInvocation } from './read-invocation.js';

export interface MlflowScoringOptions {
  readonly service: Pick<PredictService, 'infer'>;
  readonly models: ServedModels;
  /** The model behind the routes that name none. */
  readonly defaultModel: string;
  readonly rowsMax: number;
}

/** The version whose server is spoken like here; clients take it for that of MLflow. */
const MLFLOW_VERSION = '3.0.0';

const answerText = (text: string): PredictAnswer => ({
  status: 200,
  contentType: 'text/plain; charset=utf-8',
  retryAfterSeconds: 0,
  body: Buffer.from(text),
});

/** What `mlflow models serve` answers: data frames in, predictions out. */
export class MlflowScoringProtocol implements Protocol {
  constructor(private readonly options: MlflowScoringOptions) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    const answer = this.answers[call.route];
    if (!answer) throw new DomainError('route-not-found', 'This route does not speak as MLflow does.');
    return answer(call);
  }

  private readonly ping = async (call: PredictCall): Promise<PredictAnswer> => {
    const name = this.modelOf(call);
    if (!isReady(this.options.models, name, undefined))
      throw new DomainError('no-model-available', `The model ${name} is not ready.`);
    return answerText('\n');
  };

  private readonly version = async (): Promise<PredictAnswer> => answerText(MLFLOW_VERSION);

  private readonly invoke = async (call: PredictCall): Promise<PredictAnswer> => {
    const { rowsMax, service } = this.options;
    const readBody = await openInvocation(call.headers['content-type']);
    let method: PredictionMethod = 'predict';
    const read = (): Question => {
      const invocation = readBody(call.body, rowsMax);
      method = invocation.method;
      return {
        modelName: this.modelOf(call),
        version: readVersion(call.params['version']),
        rowsOf: (version) => {
          checkMethod(method, version, 'params');
          return readTable(invocation.tableFor(version.planned.signature), version);
        },
      };
    };
    const inferred = await service.infer(read, call);
    return answerJson({ predictions: showPredictions(inferred, method), prediction_id: inferred.logged.firstId });
  };

  private modelOf({ params }: PredictCall): string {
    return params['model'] ?? this.options.defaultModel;
  }

  private readonly answers: Readonly<Partial<Record<PredictRoute, (call: PredictCall) => Promise<PredictAnswer>>>> = {
    invocations: this.invoke,
    modelInvocations: this.invoke,
    versionInvocations: this.invoke,
    ping: this.ping,
    modelPing: this.ping,
    modelHealth: this.ping,
    scoringVersion: this.version,
    modelScoringVersion: this.version,
  };
}
