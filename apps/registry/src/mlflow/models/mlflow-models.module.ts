import { Module } from '@nestjs/common';
import { AliasModule } from '../../aliases/alias.module.js';
import { ImportedModelsModule } from '../../imported-models/imported-models.module.js';
import { ManifestModule } from '../../manifests/manifest.module.js';
import { PromotionModule } from '../../promotion/promotion.module.js';
import { PromotionPolicyModule } from '../../promotion-policy/promotion-policy.module.js';
import { RegistrationModule } from '../../registration/registration.module.js';
import { TrafficModule } from '../../traffic/traffic.module.js';
import { WebhookEventsModule } from '../../webhooks/webhook-events.module.js';
import { ModelVersionHandlers } from './model-version.handlers.js';
import { MoveStageService } from './move-stage.service.js';
import { RegisterVersionService } from './register-version.service.js';
import { RegisteredModelHandlers } from './registered-model.handlers.js';
import { RegisteredModelAliasHandlers } from './registered-model-alias.handlers.js';
import { RemoveModelsService } from './remove-models.service.js';
import { UnansweredRegistrations } from './unanswered-registrations.js';

/** What answers MLflow's routes of models and versions. */
export const MODEL_HANDLERS = [RegisteredModelHandlers, RegisteredModelAliasHandlers, ModelVersionHandlers] as const;

@Module({
  imports: [
    AliasModule,
    ImportedModelsModule,
    ManifestModule,
    PromotionModule,
    PromotionPolicyModule,
    RegistrationModule,
    TrafficModule,
    WebhookEventsModule,
  ],
  providers: [
    ...MODEL_HANDLERS,
    RegisterVersionService,
    MoveStageService,
    RemoveModelsService,
    UnansweredRegistrations,
  ],
  exports: [...MODEL_HANDLERS],
})
export class MlflowModelsModule {}
