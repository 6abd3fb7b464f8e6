import { Injectable } from '@nestjs/common';
import type { OwnHandlers } from '../control-plane/own-routes.js';
import { ApiKeysService } from './api-keys.service.js';

/** Keys over HTTP: the gateway's own routes of ROUTES, behind the same door as all others. */
@Injectable()
export class ApiKeysController {
  constructor(private readonly service: ApiKeysService) {}

  readonly handlers: Pick<OwnHandlers, 'listApiKeys' | 'createApiKey' | 'revokeApiKey'> = {
    listApiKeys: async ({ query }) => {
      const { items, nextCursor } = await this.service.list(query.limit, query.cursor);
      return { items: [...items], nextCursor };
    },
    createApiKey: ({ body, actor }) => this.service.create(body, actor),
    revokeApiKey: async ({ params, actor }) => {
      await this.service.revoke(params.id, actor);
      return null;
    },
  };
}
