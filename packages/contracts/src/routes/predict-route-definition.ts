import type { RoleNeeded } from '../http/access.js';

/** How a route of the data plane is spoken: which bodies it takes and gives, and how it says no. */
export type HttpProtocol = 'named-fields' | 'open-inference' | 'kserve-v1' | 'mlflow-scoring';
export type PredictProtocol = HttpProtocol | 'open-inference-grpc';

/** One route of the data plane. */
export interface PredictRouteDefinition<P extends PredictProtocol = PredictProtocol> {
  /** Names the route inside a frame, 0 to 255; never changed and never given to another route, so that builds of different age understand each other. */
  readonly code: number;
  readonly method: 'GET' | 'POST';
  /** Path with `:name` parameters; `::` stands for a colon. */
  readonly path: string;
  /** null: open to everybody. */
  readonly role: RoleNeeded | null;
  readonly protocol: P;
  readonly summary: string;
  /** Answers with server-sent events, which are fetched from serving part by part. */
  readonly streams?: true;
}

/** A parameter of such a path; its name is the first group. */
export const PATH_PARAMETER = /(?<!:):(\w+)/g;

export const PREDICTS = { method: 'POST', role: 'predictor' } as const;
/** Clients of the foreign protocols look at a model with the key that they predict with. */
export const LOOKS = { method: 'GET', role: 'any' } as const;
export const OPEN = { method: 'GET', role: null } as const;
