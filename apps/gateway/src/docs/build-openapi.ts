import * as contracts from '@gimbal/contracts';
import { type HttpProtocol, PATH_PARAMETER, ROUTES, type RouteDefinition } from '@gimbal/contracts';
import { z } from 'zod';
import { MODEL_PAGES } from './pages.js';
import { type DocumentedRoute, describePredictRoutes } from './predict-definitions.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One OpenAPI 3.1 document, as far as this program writes it. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly security: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  readonly tags: ReadonlyArray<{ readonly name: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

const DESCRIPTION = `JSON is snake_case. Failures are problem+json (RFC 9457) with a stable \`code\`. Lists take \`limit\` and \`cursor\`. Writes take an optional \`Idempotency-Key\`, forms with a file do not. A key goes into \`X-API-Key\`, a bearer token, or the password of Basic. Each model has a page of its own, with requests that can be sent as they stand: \`/v2/models/{model}/docs\`.`;

/**
 * A number in a path or query arrives as text and is coerced; zod describes that as its unbounded input. The reader wants the number.
 */
const describeCoerced = (context: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void => {
  const { def } = context.zodSchema._zod;
  if (def.type !== 'pipe' || !('coerce' in def.in._zod.def) || def.in._zod.def.coerce !== true) return;
  const { $schema: _draft, ...out } = z.toJSONSchema(def.out, { io: 'input' });
  Object.assign(context.jsonSchema, out);
};

const OPTIONS = { io: 'input', unrepresentable: 'any', override: describeCoerced } as const;

/** The wire form of everything that has a name in contracts, by that name; schemas refer to each other. */
function namedSchemas(): { readonly schemas: Record<string, JsonSchema>; readonly nameOf: NameOf } {
  const registry = z.registry<{ id: string }>();
  for (const [name, value] of Object.entries(contracts))
    if (value instanceof z.ZodType && !registry.has(value)) registry.add(value, { id: name });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: (id) => `#/components/schemas/${id}` });
  for (const schema of Object.values(schemas)) {
    delete schema.$schema;
    delete schema.$id;
  }
  return { schemas, nameOf: (schema) => registry.get(schema)?.id };
}

function describe(schema: z.ZodType, nameOf: NameOf): JsonSchema {
  const name = nameOf(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, OPTIONS);
  return rest;
}

const parameters = (place: 'path' | 'query', schema: JsonSchema): object[] =>
  Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required ?? []).includes(name),
    schema: property,
  }));

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const tagOf = (path: string): string => path.replace('/api/v1/', '').split('/').find(Boolean) ?? 'gimbal';

function answerOf({ response, otherTypes }: DocumentedRoute, nameOf: NameOf): object {
  if (response === 'html') return { description: 'A page', content: { 'text/html': { schema: { type: 'string' } } } };
  if (response === 'events')
    return { description: 'Server-sent events', content: { 'text/event-stream': { schema: { type: 'string' } } } };
  if (response === 'text') return { description: 'Done', content: { 'text/plain': { schema: { type: 'string' } } } };
  if (response === 'file')
    return {
      description: 'The bytes of a file',
      content: {
        'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    };
  if (response instanceof z.ZodNull) return { description: 'Done' };
  const content = { 'application/json': { schema: describe(response, nameOf) }, ...contentOf(otherTypes?.response) };
  return { description: 'Done', content };
}

function bodyOf(route: DocumentedRoute, nameOf: NameOf): object | undefined {
  if (route.upload)
    return {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: {
              file: { type: 'string', contentMediaType: 'application/octet-stream' },
              metadata: { type: 'string', contentMediaType: 'application/json' },
            },
            required: ['file', 'metadata'],
          },
        },
        ...(route.body && { 'application/json': { schema: describe(route.body, nameOf) } }),
      },
    };
  if (!route.body) return undefined;
  const required = !route.body.safeParse({}).success;
  return {
    required,
    content: { 'application/json': { schema: describe(route.body, nameOf) }, ...contentOf(route.otherTypes?.body) },
  };
}

/** What is not described further than by its type. */
const contentOf = (type: string | undefined) =>
  type === undefined ? {} : { [type]: { schema: { type: 'string', contentMediaType: type } } };

type NameOf = (schema: z.ZodType) => string | undefined;

/** Who may call, as far as it is not everybody. */
function describeRole({ role }: DocumentedRoute): string | undefined {
  if (role === null) return undefined;
  return role === 'any' ? 'Needs a key of any role.' : `Needs the role \`${role}\`.`;
}

/** How a protocol says no, by the name of the schema. */
const FAILURES: Readonly<Record<Exclude<HttpProtocol, 'named-fields'>, string>> = {
  'open-inference': 'OpenError',
  'kserve-v1': 'OpenError',
  'mlflow-scoring': 'MlflowError',
};

function failuresOf({ protocol = 'named-fields', response, negative }: DocumentedRoute, nameOf: NameOf): object {
  if (protocol === 'named-fields') return { default: problem('A failure; `code` says which') };
  const failure = { $ref: `#/components/schemas/${FAILURES[protocol]}` };
  const said = (description: string, schema: object) => ({
    description,
    content: { 'application/json': { schema } },
  });
  return {
    ...(negative !== undefined &&
      response instanceof z.ZodType && {
        [negative]: said('No, or a failure in words', { anyOf: [describe(response, nameOf), failure] }),
      }),
    default: said('A failure, in words', failure),
  };
}

function operationOf(name: string, route: DocumentedRoute, nameOf: NameOf): object {
  const role = describeRole(route);
  const body = bodyOf(route, nameOf);
  const isWrite = route.method !== 'GET';
  const takesJson = !route.upload || route.body !== undefined;
  const note = route.upload && { description: 'Of a JSON body; a form takes none.' };
  return {
    operationId: name,
    summary: route.summary,
    ...(role !== undefined && { description: role }),
    tags: [tagOf(route.path)],
    parameters: [
      ...parameters('path', z.toJSONSchema(z.object({ ...route.params }), OPTIONS)),
      ...(route.query ? parameters('query', z.toJSONSchema(route.query, OPTIONS)) : []),
      ...(isWrite && takesJson && route.owner !== 'serving'
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: false,
              schema: { type: 'string', maxLength: 200 },
              ...note,
            },
          ]
        : []),
    ],
    ...(body && { requestBody: body }),
    responses: {
      [route.status]: answerOf(route, nameOf),
      ...failuresOf(route, nameOf),
    },
    ...(route.role === null && { security: [] }),
  };
}

const open = (summary: string, type: string, schema: object) => ({
  summary,
  tags: ['operations'],
  security: [],
  responses: { 200: { description: 'Done', content: { [type]: { schema } } }, default: problem('A failure') },
});

/** What every gateway has beside its routes. */
const operationsPaths = () => ({
  '/health': { get: open('The whole system', 'application/json', { $ref: '#/components/schemas/GatewayHealth' }) },
  '/health/live': { get: open('The process runs', 'application/json', { type: 'object' }) },
  '/health/ready': { get: open('Predictions can be answered', 'application/json', { type: 'object' }) },
  '/metrics': {
    get: open('Prometheus metrics; open on loopback, elsewhere for viewers', 'text/plain', { type: 'string' }),
  },
  '/openapi.json': { get: open('This document', 'application/json', { type: 'object' }) },
  '/docs': { get: open('Interactive documentation', 'text/html', { type: 'string' }) },
  ...Object.fromEntries(MODEL_PAGES.map((path) => [toTemplate(path), { get: describeModelPage(path) }])),
});

const toTemplate = (path: string): string => path.replaceAll(PATH_PARAMETER, '{$1}').replaceAll('::', ':');

const describeModelPage = (path: string) => ({
  ...open('Interactive documentation of a model, for whoever has a key', 'text/html', { type: 'string' }),
  parameters: Array.from(path.matchAll(PATH_PARAMETER), ([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  })),
});

/** The description of every route of the public door, made from the very table that the gateway serves. */
export function buildOpenApi(version: string): OpenApiDocument {
  const { schemas, nameOf } = namedSchemas();
  const routes: ReadonlyArray<readonly [string, DocumentedRoute]> = [
    ...describePredictRoutes(),
    ...Object.entries<RouteDefinition>(ROUTES),
  ];
  const paths: Record<string, Record<string, object>> = operationsPaths();
  for (const [name, route] of routes) {
    const path = toTemplate(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, nameOf) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gimbal', version, description: DESCRIPTION },
    security: [{ apiKey: [] }, { bearer: [] }, { basic: [] }],
    tags: [...new Set(['operations', ...routes.map(([, { path }]) => tagOf(path))])].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'The key is the password; the user name is not looked at.',
        },
      },
    },
  };
}
