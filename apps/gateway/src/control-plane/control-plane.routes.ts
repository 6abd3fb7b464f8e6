import { type ErrorCode, ROUTES, type RouteDefinition, type RouteName } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InjectMetric, translateDatabaseFailure } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { KnownKey } from '../access/key-ring.service.js';
import { ANYBODY, Door } from '../door/door.service.js';
import { EventsController } from '../events/events.controller.js';
import { ControlPlane } from './control-plane.service.js';
import { holdBody } from './hold-body.js';
import { callParser } from './parse-call.js';
import { CONTROL_PLANE_OPTIONS, type ControlPlaneOptions, type RoutedCall } from './routed-call.js';

const LATER: ReadonlySet<string> = new Set<ErrorCode>(['service-unavailable', 'database-unavailable', 'overloaded']);
const isLater = ({ code }: DomainError): boolean => LATER.has(code);

const JSON_ROUTES = Object.entries<RouteDefinition>(ROUTES).filter(([, { upload }]) => upload === undefined);
const UPLOAD_ROUTES = Object.entries<RouteDefinition>(ROUTES).filter(([, { upload }]) => upload !== undefined);

/**
 * Every route of ROUTES, past Nest, by one way: the door (key, rate limit, role) before the body is read, then the form, then the answer
 * of its owner or our own.
 */
@Injectable()
export class ControlPlaneRoutes {
  constructor(
    private readonly door: Door,
    private readonly plane: ControlPlane,
    private readonly events: EventsController,
    @Inject(CONTROL_PLANE_OPTIONS) private readonly options: ControlPlaneOptions,
    @InjectMetric('ml_requests_total') private readonly requests: Counter<'action' | 'status'>,
  ) {}

  /** Adds the routes. Call before the application is initialised. */
  mount(fastify: FastifyInstance): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      for (const [name, route] of JSON_ROUTES) this.add(scope, name as RouteName, route); // a constant's own keys
    });
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // Uploads pass through as they come.
      scope.addContentTypeParser('multipart/form-data', (_request, payload, done) => done(null, payload));
      for (const [name, route] of UPLOAD_ROUTES) if (!route.body) this.add(scope, name as RouteName, route); // a constant's own keys
      void scope.register(async (inner) => {
        inner.addContentTypeParser('application/json', (_request: unknown, payload: AsyncIterable<Buffer>) =>
          holdBody(payload, this.options.bodyLimitBytes),
        );
        for (const [name, route] of UPLOAD_ROUTES) if (route.body) this.add(inner, name as RouteName, route); // a constant's own keys
      });
    });
  }

  private add(scope: FastifyInstance, name: RouteName, route: RouteDefinition): void {
    const keys = new WeakMap<FastifyRequest, KnownKey>();
    const parse = callParser(route);
    const { body: _json, ...form } = route;
    const parseForm = callParser(form);
    scope.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.upload ? this.options.uploadLimitBytes : this.options.bodyLimitBytes,
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        const { key } = await this.door.admit(request, reply, route.role, route.traffic);
        keys.set(request, key ?? ANYBODY);
      },
      onResponse: async (_request, reply) => this.requests.inc({ action: name, status: String(reply.statusCode) }),
      handler: async (request, reply) => {
        const key = keys.get(request);
        if (!key) throw new DomainError('missing-api-key', 'This route needs a key.');
        const body = Buffer.isBuffer(request.body) ? request.body : null;
        const isForm = route.upload !== undefined && body === null;
        const parsed = (isForm ? parseForm : parse)({ params: request.params, query: request.query, body });
        await this.answer({ name, route, request, reply, key, parsed });
        return reply;
      },
    });
  }

  private async answer(call: RoutedCall): Promise<void> {
    try {
      if (call.name === 'events') this.events.open(call);
      else await this.plane.answer(call);
    } catch (error) {
      const failure = translateDatabaseFailure(error, 'gateway');
      if (failure instanceof DomainError && isLater(failure)) void call.reply.header('retry-after', '2');
      throw failure;
    }
  }
}
