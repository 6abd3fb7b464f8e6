import type { z } from 'zod';
import type { Role } from '../http/access.js';
import type { ServiceName } from '../service-names.js';

/** One public route. The gateway checks role and form and hands it to `owner`, which serves the same path and checks the form again. */
export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `:name` parameters; every parameter has its schema in `params`. */
  readonly path: string;
  readonly owner: ServiceName;
  /** null: open to everybody. */
  readonly role: Role | null;
  readonly summary: string;
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Status and form of the good answer; `html`, `events` (server-sent), `file` and `multipart` bodies are passed through as streams. */
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType | 'html' | 'events' | 'file';
  /** A form is passed on as it comes, whatever its size. With a `body` besides, the route takes that JSON as well. */
  readonly upload?: 'multipart';
  /** What the request counts against: of programs that log each step of a training, many are expected. Default: `asking`. */
  readonly traffic?: 'asking' | 'tracking';
}
