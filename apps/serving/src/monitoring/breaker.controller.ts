import { randomUUID } from 'node:crypto';
import { type Actor, BreakerReset, encodeWire, ModelName, VersionParam } from '@gimbal/contracts';
import { CallableBy, CurrentActor, JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { findModel, findVersion } from '../predict/find-version.js';
import { ServedModels } from '../traffic/served-models.js';

/** Puts a version back into service by hand, before its recovery time is over. */
@Controller('api/v1/models/:model/versions/:version/breaker')
@CallableBy('gateway')
export class BreakerController {
  constructor(
    private readonly models: ServedModels,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('reset')
  @HttpCode(200)
  async reset(
    @Param('model', { schema: ModelName }) modelName: string,
    @Param('version', { schema: VersionParam }) version: number,
    @CurrentActor() actor: Actor,
  ): Promise<z.input<typeof BreakerReset>> {
    const { breaker } = findVersion(findModel(this.models, modelName), version, null).graph;
    const from = breaker.state(performance.now());
    breaker.reset();
    this.logger.warn({ model: modelName, version, from, to: 'closed', actor: actor.name }, 'circuit breaker reset');
    await this.audit(`model:${modelName}/version:${version}`, actor.name, from);
    return encodeWire(BreakerReset, { modelName, version, from, to: 'closed' });
  }

  /** A queue that is away keeps nobody from mending what fails; then the log line alone tells of it. */
  private async audit(subject: string, actor: string, from: string): Promise<void> {
    const eventId = `breaker.reset.${randomUUID()}`;
    const at = new Date().toISOString();
    const payload = { from, to: 'closed' };
    const action = 'breaker.reset';
    await this.queue
      .publish(
        'audit.recorded',
        { v: 1, eventId, at, service: 'serving', actor, action, subject, payload },
        { jobId: eventId },
      )
      .catch((error: unknown) => this.logger.warn({ err: error, event_id: eventId }, 'reset cannot be audited'));
  }
}
