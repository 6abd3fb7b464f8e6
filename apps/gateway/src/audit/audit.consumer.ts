import type { HandlersFor } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from './audit.repository.js';

/** Takes what every service did and puts it on the chain. */
@Injectable()
export class AuditConsumer {
  constructor(private readonly repository: AuditRepository) {}

  readonly handlers: HandlersFor<'gateway'> = {
    'audit.recorded': (events) => this.repository.record(events.map(({ v: _version, ...record }) => record)),
  };
}
