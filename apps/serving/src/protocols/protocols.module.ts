import { LOGGER, type Logger, parseFrameAddress } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from '../config.js';
import { ExplainService } from '../explain/explain.service.js';
import { PredictService } from '../predict/predict.service.js';
import { ServedModels } from '../traffic/served-models.js';
import { AnswerService } from './answer.service.js';
import { FrameDoor } from './frame-door.js';
import { KServeV1Protocol } from './kserve-v1/kserve-v1.protocol.js';
import { MlflowScoringProtocol } from './mlflow-scoring/mlflow-scoring.protocol.js';
import { NamedFieldsProtocol } from './named-fields/named-fields.protocol.js';
import { OpenInference } from './open-inference/open-inference.js';
import { OpenInferenceProtocol } from './open-inference/open-inference.protocol.js';
import { OpenInferenceGrpcProtocol } from './open-inference-grpc/open-inference-grpc.protocol.js';

/** The forms in which predictions are asked for, and the door through which the gateway brings them. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ProtocolsModule {
  static of(
    { predict, process, serviceAuth }: ServingConfig,
    imports: NonNullable<DynamicModule['imports']>,
  ): DynamicModule {
    const { defaultModel, intentModel, anomalyModel, rowsMax, bodyLimitBytes } = predict;
    const { version: programVersion } = process;
    const routeModels = { predict: defaultModel, predictIntent: intentModel, predictAnomaly: anomalyModel };
    return {
      module: ProtocolsModule,
      imports,
      providers: [
        {
          provide: AnswerService,
          inject: [PredictService, ExplainService, ServedModels, LOGGER],
          useFactory: (service: PredictService, explain: ExplainService, models: ServedModels, logger: Logger) => {
            const inference = new OpenInference({ service, models, logger, rowsMax, programVersion });
            return new AnswerService({
              protocols: {
                'named-fields': new NamedFieldsProtocol({ service, routeModels, rowsMax }),
                'open-inference': new OpenInferenceProtocol(inference),
                'open-inference-grpc': new OpenInferenceGrpcProtocol(inference),
                'kserve-v1': new KServeV1Protocol({ service, explain, models, rowsMax }),
                'mlflow-scoring': new MlflowScoringProtocol({ service, models, defaultModel, rowsMax }),
              },
              bodyBytesMax: bodyLimitBytes,
              logger,
            });
          },
        },
        {
          provide: FrameDoor,
          inject: [AnswerService, LOGGER],
          useFactory: (service: AnswerService, logger: Logger) =>
            new FrameDoor({
              address: parseFrameAddress(predict.frames),
              trustedCallers: serviceAuth.trustedCallers,
              service,
              logger,
            }),
        },
      ],
      exports: [AnswerService, FrameDoor],
    };
  }
}
