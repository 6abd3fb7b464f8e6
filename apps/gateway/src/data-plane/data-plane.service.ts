import { decodePredictAnswer, encodePredictCall, type PredictAnswer, type PredictCall } from '@gimbal/contracts';
import { type ConfigOf, FrameClient, type Logger, parseFrameAddress } from '@gimbal/platform';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { dataPlaneConfig } from './data-plane.config.js';

export interface DataPlaneOptions {
  readonly config: ConfigOf<{ dataPlane: typeof dataPlaneConfig }>['dataPlane'];
  /** The gateway's own service key; without one serving refuses the connection. */
  readonly serviceKey: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * The way of a prediction to serving and back. Requests in flight within one turn of the event loop travel in one frame; bodies are
 * carried as they came.
 */
export class DataPlane implements OnModuleInit, OnModuleDestroy {
  private readonly client: FrameClient;

  constructor({ config, serviceKey, logger }: DataPlaneOptions) {
    this.client = new FrameClient({
      address: parseFrameAddress(config.serving),
      name: 'gateway',
      key: serviceKey,
      logger,
      framesInFlightMax: config.framesInFlightMax,
      itemsMax: config.requestsMax,
      answerTimeoutMs: config.answerTimeoutMs,
    });
  }

  onModuleInit(): void {
    this.client.start();
  }

  onModuleDestroy(): void {
    this.client.stop();
  }

  /** True while serving is connected. */
  get ready(): boolean {
    return this.client.ready;
  }

  /**
   * Serving's answer, whatever its status.
   * @throws DomainError `service-unavailable` (at once when serving is not connected), `overloaded`, `timeout`, `payload-too-large`
   */
  async predict(call: PredictCall): Promise<PredictAnswer> {
    return decodePredictAnswer(await this.client.send(encodePredictCall(call)));
  }
}
