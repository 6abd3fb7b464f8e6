import { z } from 'zod';
import * as field from './proto-json.js';

/** What is said about multipart uploads (mlflow_artifacts.proto). `path` is the file on the client's own disk. */
export const MULTIPART_MESSAGES = {
  create: { request: z.object({ path: field.requiredText, num_parts: field.optional(field.int32) }) },
  complete: {
    request: z.object({
      path: field.requiredText,
      upload_id: field.optional(field.text),
      parts: field.list(z.object({ part_number: field.int32, etag: field.optional(field.text) })),
    }),
  },
  abort: { request: z.object({ path: field.requiredText, upload_id: field.optional(field.text) }) },
};

/** Header in which the gateway says under which address its callers know it: the addresses of parts begin with it. */
export const PUBLIC_URL_HEADER = 'x-gimbal-public-url';
