import { LOGGER, type Logger, parseFrameAddress } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from '../config.js';
import { ExplainService } from '../explain/explain.service.js';
import { PredictService } from '../predict/predict.service.js';
import { ServedModels } from '../traffic/served-models.js';
import { AnswerService } from './answer.service.js';
import { Doors } from './doors.js';
import { FrameDoor } from './frame-door.js';
import { HttpDoor } from './http-door.js';
import { KServeV1Protocol } from './kserve-v1/kserve-v1.protocol.js';
import { MlflowScoringProtocol } from './mlflow-scoring/mlflow-scoring.protocol.js';
import { NamedFieldsProtocol } from './named-fields/named-fields.protocol.js';
import { OpenInference } from './open-inference/open-inference.js';
import { OpenInferenceProtocol } from './open-inference/open-inference.protocol.js';
import { OpenInferenceStreams } from './open-inference/open-inference-streams.js';
import { OpenInferenceGrpcProtocol } from './open-inference-grpc/open-inference-grpc.protocol.js';
import { PredictionStreams } from './streams/prediction-streams.js';

/** How long the rest of a stream waits for its reader. */
const STREAM_IDLE_MS = 60_000;

/** The forms in which predictions are asked for, and the doors through which they come in. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ProtocolsModule {
  static of(
    { predict, ownHttp, http, process, serviceAuth }: ServingConfig,
    imports: NonNullable<DynamicModule['imports']>,
  ): DynamicModule {
    const { defaultModel, intentModel, anomalyModel, rowsMax, streamRowsMax, streamsMax, bodyLimitBytes } = predict;
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
            const streams = new PredictionStreams({ service, streamsMax, idleMs: STREAM_IDLE_MS });
            const open = { service, models, logger, programVersion };
            const inference = new OpenInference({ ...open, rowsMax });
            const streamed = new OpenInference({ ...open, rowsMax: streamRowsMax });
            return new AnswerService({
              protocols: {
                'named-fields': new NamedFieldsProtocol({
                  service,
                  models,
                  routeModels,
                  rowsMax,
                  streams,
                  streamRowsMax,
                }),
                'open-inference': new OpenInferenceProtocol(inference, new OpenInferenceStreams(streamed, streams)),
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
          provide: Doors,
          inject: [AnswerService, LOGGER],
          useFactory: (service: AnswerService, logger: Logger) =>
            new Doors([
              new FrameDoor({
                address: parseFrameAddress(predict.frames),
                trustedCallers: serviceAuth.trustedCallers,
                service,
                logger,
              }),
              new HttpDoor({ config: ownHttp, bodyLimitBytes, requestMs: http.requestTimeoutMs, service, logger }),
            ]),
        },
      ],
      exports: [AnswerService, Doors],
    };
  }
}
