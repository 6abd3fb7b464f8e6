import type { RouteDefinition, RouteName } from '@gimbal/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownKey } from '../access/key-ring.service.js';
import { buildPath, type ParsedCall } from './parse-call.js';

/** A request on its way: admitted and of the agreed form. */
export interface RoutedCall {
  readonly name: RouteName;
  readonly route: RouteDefinition;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly key: KnownKey;
  readonly parsed: ParsedCall;
}

/** Whether the body is a form, which is passed on as it comes. */
export const isForm = ({ route, request }: Pick<RoutedCall, 'route' | 'request'>): boolean =>
  route.upload !== undefined && !Buffer.isBuffer(request.body);

/** Path and query as they are handed on. */
export function pathOf({ route, request }: RoutedCall): string {
  return buildPath(route.path, request.params as Record<string, string>, request.url); // Fastify's router gives text
}

export const CONTROL_PLANE_OPTIONS = Symbol('gateway:control-plane-options');
export interface ControlPlaneOptions {
  readonly bodyLimitBytes: number;
  readonly uploadLimitBytes: number;
}
