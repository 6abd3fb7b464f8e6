import { type DynamicModule, Module } from '@nestjs/common';
import { ChangeFeedRepository } from './change-feed.repository.js';
import { ChangeFeed } from './change-feed.service.js';
import { EVENTS_OPTIONS, EventsController, type EventsOptions } from './events.controller.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class EventsModule {
  static of(options: EventsOptions): DynamicModule {
    return {
      module: EventsModule,
      providers: [{ provide: EVENTS_OPTIONS, useValue: options }, ChangeFeedRepository, ChangeFeed, EventsController],
      exports: [EventsController],
    };
  }
}
