import type { MlflowHandlers } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';

/** What newer clients ask before they choose how to speak. */
@Injectable()
export class ServerHandlers {
  readonly handlers: MlflowHandlers<'getServerInfo'> = {
    getServerInfo: async () => ({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: false,
    }),
  };
}
