import { type Actor, encodeWire, ModelName, ModelVersion, RegisterVersion } from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { RegistrationService } from './registration.service.js';

/** Asked by training. */
@Controller('internal/models/:model/versions')
@CallableBy('training')
export class RegistrationController {
  constructor(private readonly registrations: RegistrationService) {}

  @Post()
  async register(
    @Param('model', { schema: ModelName }) model: string,
    @Body({ schema: RegisterVersion }) request: RegisterVersion,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(ModelVersion, await this.registrations.register({ model, request, actor }));
  }
}
