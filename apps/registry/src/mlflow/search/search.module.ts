import { Module } from '@nestjs/common';
import { TrackingModule } from '../tracking/tracking.module.js';
import { ModelSearchHandlers } from './model-search.handlers.js';
import { TrackingSearchHandlers } from './tracking-search.handlers.js';

/** Those who answer MLflow's searches. */
export const SEARCH_HANDLERS = [TrackingSearchHandlers, ModelSearchHandlers] as const;

@Module({ imports: [TrackingModule], providers: [...SEARCH_HANDLERS], exports: [...SEARCH_HANDLERS] })
export class MlflowSearchModule {}
