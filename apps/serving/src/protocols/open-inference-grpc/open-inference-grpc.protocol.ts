import {
  INFERENCE_METHODS,
  type InferenceAnswer,
  type InferenceMethod,
  type InferenceRequest,
  type PredictAnswer,
  type PredictCall,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { changeLogging, describeLogging } from '../open-inference/log-settings.js';
import type { NamedModel, OpenInference } from '../open-inference/open-inference.js';
import { listRepository, loadModel, unloadModel } from '../open-inference/repository.js';
import type { Protocol } from '../protocol.js';
import { readChoice, readInferRequest } from './read-infer-request.js';
import { showInferResponse } from './show-infer-response.js';

/** @throws DomainError `validation-failed` */
function decode<M extends InferenceMethod>(method: M, body: Uint8Array): InferenceRequest<M> {
  const { request } = INFERENCE_METHODS[method];
  try {
    return request.decode(body) as InferenceRequest<M>; // as the table pairs them
  } catch {
    throw new DomainError('validation-failed', `The message is not an inference.${request.name}, or it is cut off.`);
  }
}

function encode<M extends InferenceMethod>(method: M, answer: InferenceAnswer<M>): PredictAnswer {
  const { response } = INFERENCE_METHODS[method];
  const write = response.encode as (value: InferenceAnswer<M>) => Uint8Array; // as the table pairs them
  return { status: 200, contentType: 'application/grpc', retryAfterSeconds: 0, body: write(answer) };
}

/** Protobuf has no other way to name nothing. */
const namedBy = ({ name, version }: { readonly name: string; readonly version: string }): NamedModel => ({
  name,
  version: version || undefined,
});

type Answerer = (call: PredictCall) => PredictAnswer | Promise<PredictAnswer>;

/** Open Inference over gRPC, with the methods that Triton adds: one message in, one message out. */
export class OpenInferenceGrpcProtocol implements Protocol {
  constructor(private readonly inference: OpenInference) {}

  async answer(call: PredictCall): Promise<PredictAnswer> {
    const answerer = this.answerers[call.route];
    if (!answerer) throw new DomainError('route-not-found', 'This route does not speak gRPC.');
    return answerer(call);
  }

  private on<M extends InferenceMethod>(method: M, answer: (request: InferenceRequest<M>) => InferenceAnswer<M>) {
    return (call: PredictCall): PredictAnswer => encode(method, answer(decode(method, call.body)));
  }

  private async infer(call: PredictCall): Promise<PredictAnswer> {
    let isRaw = false;
    const inferred = await this.inference.infer(() => {
      const asked = readInferRequest(decode('ModelInfer', call.body));
      isRaw = asked.isRaw;
      return asked;
    }, call);
    return encode('ModelInfer', showInferResponse(inferred, isRaw));
  }

  private readonly answerers: Readonly<Partial<Record<PredictCall['route'], Answerer>>> = {
    grpcModelInfer: (call) => this.infer(call),
    grpcServerLive: this.on('ServerLive', () => ({ live: true })),
    grpcServerReady: this.on('ServerReady', () => ({ ready: this.inference.isReady() })),
    grpcModelReady: this.on('ModelReady', (model) => ({ ready: this.inference.isModelReady(namedBy(model)) })),
    grpcServerMetadata: this.on('ServerMetadata', () => this.inference.describeServer()),
    grpcModelMetadata: this.on('ModelMetadata', (model) => this.inference.describeModel(namedBy(model))),
    grpcModelConfig: this.on('ModelConfig', (model) => ({ config: this.inference.describeConfig(namedBy(model)) })),
    grpcModelStatistics: this.on('ModelStatistics', ({ name, version }) =>
      this.inference.describeStatistics({ name: name || undefined, version: version || undefined }),
    ),
    grpcRepositoryIndex: this.on('RepositoryIndex', ({ ready }) => ({
      models: listRepository(this.inference.options.models, { ready }),
    })),
    grpcRepositoryModelLoad: async ({ body }) => {
      const { model_name, parameters } = decode('RepositoryModelLoad', body);
      await loadModel(this.inference.options.models, model_name, { parameters: Object.fromEntries(parameters) });
      return encode('RepositoryModelLoad', {});
    },
    grpcRepositoryModelUnload: this.on('RepositoryModelUnload', ({ model_name }) => {
      unloadModel(this.inference.options.models, model_name);
      return {};
    }),
    grpcLogSettings: this.on('LogSettings', ({ settings }) => {
      const { logger } = this.inference.options;
      const wanted = Object.fromEntries(Array.from(settings, ([name, value]) => [name, readChoice(value)]));
      const { log_verbose_level, log_file, log_format, ...flags } =
        settings.size === 0 ? describeLogging(logger) : changeLogging(logger, wanted);
      return {
        settings: {
          ...Object.fromEntries(Object.entries(flags).map(([name, bool_param]) => [name, { bool_param }])),
          log_verbose_level: { uint32_param: log_verbose_level },
          log_file: { string_param: log_file },
          log_format: { string_param: log_format },
        },
      };
    }),
  };
}
