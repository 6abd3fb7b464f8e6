import { Injectable } from '@nestjs/common';
import type { OwnHandlers } from '../control-plane/own-routes.js';
import { AuditService } from './audit.service.js';

/** The audit log over HTTP: the gateway's own routes of ROUTES. */
@Injectable()
export class AuditController {
  constructor(private readonly service: AuditService) {}

  readonly handlers: Pick<OwnHandlers, 'listAudit' | 'verifyAudit' | 'verifyAuditCopy'> = {
    listAudit: ({ query }) => this.service.list(query),
    verifyAudit: () => this.service.verify(),
    verifyAuditCopy: ({ body }) => this.service.verifyCopy(body.entries),
  };
}
