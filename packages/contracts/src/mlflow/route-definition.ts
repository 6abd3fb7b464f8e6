import type { Role } from '../http/access.js';
import type { Message } from './proto-json.js';

/** A call of MLflow's REST that the registry answers: with 200 and a JSON object, or with `{error_code, message}`. */
export interface MlflowRouteDefinition {
  /** Only GET takes its message from the query, all others from a JSON body. A parameter of the path is a member of the message as well. */
  readonly methods: readonly ('GET' | 'POST' | 'PATCH' | 'DELETE')[];
  /** Below `/api/<version>/mlflow`, with `:name` parameters. */
  readonly path: string;
  readonly version: '2.0' | '3.0';
  readonly role: Role;
  readonly request: Message;
  /** Largest body, in bytes; undefined: what the gateway takes. */
  readonly bytesMax?: number;
}
