import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ThreadPool } from './inference/host-places.js';
import { PredictionLog } from './prediction-log/prediction-log.js';
import { Doors } from './protocols/doors.js';
import { RegistryClient } from './traffic/registry.client.js';
import { TrafficFollower } from './traffic/traffic-follower.js';

/** The order of the parts: what was served last answers before the doors open; the doors close before the log does. */
@Injectable()
export class ServingLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly follower: TrafficFollower,
    private readonly doors: Doors,
    private readonly log: PredictionLog,
    private readonly registry: RegistryClient,
    private readonly pool: ThreadPool,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.follower.start();
    await this.doors.open();
    await this.log.startShipping();
  }

  /** The queue outlives this: what is left in the log is shipped when that takes a moment only. */
  async onModuleDestroy(): Promise<void> {
    await this.doors.close();
    await this.follower.stop();
    await this.log.close();
    await this.registry.close();
    this.pool.close();
  }
}
