import './native-arrays.js';
import { HTTP_PREDICT_ROUTES, type HttpPredictRoute, PATH_PARAMETER, type PredictCall } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import type { PredictClient } from './serving-harness.js';
import { makeTaskModels } from './task-models.js';
import { TaskServing } from './task-serving.js';

const models = makeTaskModels();
let serving: TaskServing;
let client: PredictClient;

const Document = z.looseObject({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(
    z.string(),
    z.object({
      post: z.looseObject({
        requestBody: z.object({
          required: z.literal(true),
          content: z.object({ 'application/json': z.object({ schema: z.unknown(), example: z.unknown() }) }),
        }),
      }),
    }),
  ),
  components: z.looseObject({
    schemas: z.looseObject({
      Row: z.object({
        type: z.literal('object'),
        properties: z.record(z.string(), z.looseObject({ description: z.string() })),
        required: z.array(z.string()),
        additionalProperties: z.literal(false),
      }),
    }),
  }),
});

const routes = Object.entries(HTTP_PREDICT_ROUTES).map(([route, { method, path }]) => ({
  route: route as HttpPredictRoute, // the keys of a constant
  method,
  pattern: new RegExp(`^${path.replaceAll(PATH_PARAMETER, '(?<$1>[a-z0-9-]+)').replaceAll('::', ':')}$`),
}));

/** What the gateway makes of a path. */
function routed(path: string): Pick<PredictCall, 'route' | 'params'> {
  const found = routes.find(({ method, pattern }) => method === 'POST' && pattern.test(path));
  if (!found) throw new Error(`no route for ${path}`);
  return { route: found.route, params: { ...found.pattern.exec(path)?.groups } };
}

async function read(route: HttpPredictRoute, params: Record<string, string>) {
  const { status, body } = await client.call({ route, params });
  expect(status).toBe(200);
  return { raw: z.record(z.string(), z.unknown()).parse(body), document: Document.parse(body) };
}

beforeAll(async () => {
  serving = await TaskServing.start(models);
  ({ client } = serving);
});
afterAll(() => serving?.stop());

describe.each(models.map(({ name, signature }) => [signature.task, name] as const))(
  'the document of a model for %s',
  (task, model) => {
    it('is valid OpenAPI 3.1, the same under both paths', async () => {
      const { raw, document } = await read('modelOpenApi', { model });
      expect(await new Validator().validate(structuredClone(raw))).toEqual({ valid: true });
      expect((await read('openModelDocs', { model })).raw).toEqual(raw);
      expect(document.info).toMatchObject({ title: model, version: '1', description: expect.stringContaining(task) });
    });

    it.each([
      ['modelOpenApi', {}],
      ['openVersionDocs', { version: '1' }],
    ] as const)('%s has requests that are answered as they stand', async (route, more) => {
      const { document } = await read(route, { model, ...more });
      const paths = Object.entries(document.paths);
      expect(paths.length).toBe(task === 'text-classification' ? 4 : 5);
      for (const [path, { post }] of paths) {
        const body = Buffer.from(JSON.stringify(post.requestBody.content['application/json'].example));
        const said = await client.call({ ...routed(path), body });
        expect({ path, status: said.status, body: said.body }).toMatchObject({ path, status: 200 });
      }
    });
  },
);

it('says of each column what is refused, and in words what is only warned of', async () => {
  const { document } = await read('modelOpenApi', { model: 'weight' });
  const { properties, required } = document.components.schemas.Row;
  expect(required).toEqual(['size']);
  expect(properties).toMatchObject({
    size: {
      type: 'number',
      description: 'cm (plausible: 0 to 20; seen in training: 0 to 1; a value outside is answered with a warning)',
      examples: [0.5],
    },
    grade: { enum: [3, 6, 7, null] },
    ripe: { type: ['boolean', 'number', 'null'] },
    colour: { type: ['string', 'null'], examples: ['red', 'green', 'blue'] },
  });
});

it('is not there for a model, or a version, that is not', async () => {
  const ask = (route: HttpPredictRoute, params: Record<string, string>) => client.call({ route, params });
  expect(await ask('modelOpenApi', { model: 'none' })).toMatchObject({
    status: 404,
    body: { code: 'model-not-found' },
  });
  expect(await ask('openModelDocs', { model: 'none' })).toMatchObject({
    status: 404,
    body: { error: expect.any(String) },
  });
  expect((await ask('openVersionDocs', { model: 'fruit', version: '9' })).status).toBe(404);
});
