import type { PredictAnswer, PredictCall, PredictRoute } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { answerJson } from '../answer-json.js';
import { findModelApi } from '../model-docs/find-model-api.js';
import { parseJsonBody } from '../parse-json-body.js';
import type { Protocol } from '../protocol.js';
import { changeLogging, describeLogging } from './log-settings.js';
import type { NamedModel, OpenInference } from './open-inference.js';
import type { OpenInferenceStreams } from './open-inference-streams.js';
import { readRequest } from './read-request.js';
import { listRepository, loadModel, unloadModel } from './repository.js';
import { showInference } from './show-inference.js';

type Answerer = (call: PredictCall) => PredictAnswer | Promise<PredictAnswer>;

const namedBy = ({ params }: PredictCall): NamedModel => ({ name: params['model'] ?? '', version: params['version'] });

/** An empty body stands for an empty object. */
const readOptionalBody = ({ body }: PredictCall): unknown => (body.byteLength === 0 ? {} : parseJsonBody(body));

/** Open Inference Protocol v2 over HTTP: tensors in, tensors out. */
export class OpenInferenceProtocol implements Protocol {
  constructor(
    private readonly inference: OpenInference,
    private readonly streams: OpenInferenceStreams,
  ) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    if (call.route === 'openInfer' || call.route === 'openInferVersion') return this.infer(call);
    const describe = this.descriptions[call.route];
    if (!describe) throw new DomainError('route-not-found', 'This route does not speak Open Inference.');
    return describe(call);
  }

  private async infer(call: PredictCall): Promise<PredictAnswer> {
    const read = () => ({ ...namedBy(call), request: readRequest(call) });
    return showInference(await this.inference.infer(read, call));
  }

  private readonly describeModel: Answerer = (call) => answerJson(this.inference.describeModel(namedBy(call)));
  private readonly describeConfig: Answerer = (call) => answerJson(this.inference.describeConfig(namedBy(call)));
  private readonly describeStatistics: Answerer = ({ params }) =>
    answerJson(this.inference.describeStatistics({ name: params['model'], version: params['version'] }));
  private readonly describeApi: Answerer = ({ params }) =>
    answerJson(findModelApi(this.inference.options.models, params['model'] ?? '', params['version']));
  private readonly describeReady: Answerer = (call) => {
    const named = namedBy(call);
    const ready = this.inference.isModelReady(named);
    return answerJson({ name: named.name, ready }, ready ? 200 : 503);
  };

  private readonly descriptions: Readonly<Partial<Record<PredictRoute, Answerer>>> = {
    openInferStream: (call) => this.streams.answer(call, namedBy(call)),
    openInferVersionStream: (call) => this.streams.answer(call, namedBy(call)),
    openModelDocs: this.describeApi,
    openVersionDocs: this.describeApi,
    openServer: () => answerJson(this.inference.describeServer()),
    openLive: () => answerJson({ live: true }),
    openReady: () => {
      const ready = this.inference.isReady();
      return answerJson({ ready }, ready ? 200 : 503);
    },
    openModels: () => answerJson({ models: this.inference.modelNames() }),
    openModel: this.describeModel,
    openVersion: this.describeModel,
    openModelReady: this.describeReady,
    openVersionReady: this.describeReady,
    openModelConfig: this.describeConfig,
    openVersionConfig: this.describeConfig,
    openStatistics: this.describeStatistics,
    openModelStatistics: this.describeStatistics,
    openVersionStatistics: this.describeStatistics,
    openRepository: (call) => answerJson(listRepository(this.inference.options.models, readOptionalBody(call))),
    openLoad: async (call) => {
      await loadModel(this.inference.options.models, namedBy(call).name, readOptionalBody(call));
      return answerJson({});
    },
    openUnload: (call) => {
      unloadModel(this.inference.options.models, namedBy(call).name);
      return answerJson({});
    },
    openLogging: () => answerJson(describeLogging(this.inference.options.logger)),
    openSetLogging: (call) => answerJson(changeLogging(this.inference.options.logger, readOptionalBody(call))),
  };
}
