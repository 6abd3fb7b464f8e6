import type { PredictAnswer, PredictCall, PredictRoute } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Logger } from '@gimbal/platform';
import { findModel, findVersion, isReady, readVersion } from '../../predict/find-version.js';
import type { PredictService, Question } from '../../predict/predict.service.js';
import type { ServedModel, ServedModels, ServedVersion } from '../../traffic/served-models.js';
import { answerJson } from '../answer-json.js';
import { parseJsonBody } from '../parse-json-body.js';
import type { Protocol } from '../protocol.js';
import { chooseOutputs } from './choose-outputs.js';
import { describeConfig, describeModel } from './describe-model.js';
import { describeStatistics } from './describe-statistics.js';
import { changeLogging, describeLogging } from './log-settings.js';
import { type OpenVersion, openVersion } from './open-version.js';
import { readRequest } from './read-request.js';
import { listRepository, loadModel, unloadModel } from './repository.js';
import { showInference, type Wanted } from './show-inference.js';
import { readRawTensor } from './tensor.js';

export interface OpenInferenceOptions {
  readonly service: Pick<PredictService, 'infer'>;
  readonly models: ServedModels;
  readonly logger: Logger;
  readonly rowsMax: number;
  /** Version of this program. */
  readonly programVersion: string;
}

/** Of Triton, as far as they are held here in full. */
const EXTENSIONS = [
  'binary_tensor_data',
  'classification',
  'model_configuration',
  'model_repository',
  'statistics',
  'schedule_policy',
  'logging',
];

const versionsOf = ({ versions }: ServedModel): readonly number[] =>
  [...versions.keys()].sort((one, other) => one - other);

const versionsIn = ({ versions }: ServedModel): readonly ServedVersion[] => [...versions.values()];

/** An empty body stands for an empty object. */
const readOptionalBody = ({ body }: PredictCall): unknown => (body.byteLength === 0 ? {} : parseJsonBody(body));

/** Open Inference Protocol v2 over HTTP: tensors in, tensors out. */
export class OpenInferenceProtocol implements Protocol {
  private readonly options: OpenInferenceOptions;
  private readonly versions = new WeakMap<ServedVersion, OpenVersion>();

  constructor(options: OpenInferenceOptions) {
    this.options = options;
  }

  async answer(call: PredictCall): Promise<PredictAnswer> {
    if (call.route === 'openInfer' || call.route === 'openInferVersion') return this.infer(call);
    const describe = this.descriptions[call.route];
    if (!describe) throw new DomainError('route-not-found', 'This route does not speak Open Inference.');
    return describe(call);
  }

  private async infer(call: PredictCall): Promise<PredictAnswer> {
    let wanted: Wanted = { id: null, outputs: [], head: '' };
    const read = (): Question => {
      const request = readRequest(call);
      return {
        modelName: call.params['model'] ?? '',
        version: readVersion(call.params['version']),
        urgency: request.urgency,
        rowsOf: (served) => {
          const version = this.open(served);
          const { reader, answerHead: head } = version;
          const { raw } = request;
          const rows = raw ? reader.readRaw((own) => readRawTensor(own, raw)) : reader.read(request.inputs);
          wanted = { id: request.id, outputs: chooseOutputs(version, request, rows.count), head };
          return rows;
        },
      };
    };
    const inferred = await this.options.service.infer(read, call);
    return showInference(inferred, wanted);
  }

  private open(served: ServedVersion): OpenVersion {
    let version = this.versions.get(served);
    if (!version) {
      version = openVersion(served, this.options.rowsMax);
      this.versions.set(served, version);
    }
    return version;
  }

  /** The version that a path names, or the live one. */
  private find({ params }: PredictCall): { readonly model: ServedModel; readonly version: ServedVersion } {
    const model = findModel(this.options.models, params['model'] ?? '');
    return { model, version: findVersion(model, readVersion(params['version']), null) };
  }

  private readonly describeModel = (call: PredictCall): PredictAnswer => {
    const { model, version } = this.find(call);
    return answerJson(describeModel(version, versionsOf(model)));
  };

  private readonly describeConfig = (call: PredictCall): PredictAnswer => {
    const { model, version } = this.find(call);
    return answerJson(describeConfig(version, { versions: versionsOf(model), rowsMax: this.options.rowsMax }));
  };

  /** A version that rests after failures is not ready; neither is one that is not loaded. */
  private readonly describeReady = (call: PredictCall): PredictAnswer => {
    const { model: name = '', version } = call.params;
    const ready = isReady(this.options.models, name, readVersion(version));
    return answerJson({ name, ready }, ready ? 200 : 503);
  };

  private showStatistics(versions: readonly ServedVersion[]): PredictAnswer {
    return answerJson({ model_stats: versions.map(describeStatistics) });
  }

  private readonly descriptions: Readonly<
    Partial<Record<PredictRoute, (call: PredictCall) => PredictAnswer | Promise<PredictAnswer>>>
  > = {
    openServer: () => answerJson({ name: 'gimbal', version: this.options.programVersion, extensions: EXTENSIONS }),
    openLive: () => answerJson({ live: true }),
    openReady: () => {
      const ready = this.options.models.isInformed;
      return answerJson({ ready }, ready ? 200 : 503);
    },
    openModels: () => answerJson({ models: Array.from(this.options.models.all, ({ name }) => name) }),
    openModel: this.describeModel,
    openVersion: this.describeModel,
    openModelReady: this.describeReady,
    openVersionReady: this.describeReady,
    openModelConfig: this.describeConfig,
    openVersionConfig: this.describeConfig,
    openStatistics: () => this.showStatistics(Array.from(this.options.models.all, versionsIn).flat()),
    openModelStatistics: ({ params }) =>
      this.showStatistics(versionsIn(findModel(this.options.models, params['model'] ?? ''))),
    openVersionStatistics: (call) => this.showStatistics([this.find(call).version]),
    openRepository: (call) => answerJson(listRepository(this.options.models, readOptionalBody(call))),
    openLoad: async (call) => {
      await loadModel(this.options.models, call.params['model'] ?? '', readOptionalBody(call));
      return answerJson({});
    },
    openUnload: ({ params }) => {
      unloadModel(this.options.models, params['model'] ?? '');
      return answerJson({});
    },
    openLogging: () => answerJson(describeLogging(this.options.logger)),
    openSetLogging: (call) => answerJson(changeLogging(this.options.logger, readOptionalBody(call))),
  };
}
