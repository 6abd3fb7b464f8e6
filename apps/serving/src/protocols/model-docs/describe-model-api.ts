import type { ModelSignature } from '@gimbal/contracts';
import type { ServedVersion } from '../../traffic/served-models.js';
import { inputsOf, outputsOf, QUERY, TEXTS } from '../open-inference/model-tensors.js';
import { describeRow } from './describe-row.js';
import { exampleRow } from './example-row.js';

/** Which version a document is of: the one that is named, or the live one, whichever that will be. */
export interface DocumentedVersion {
  readonly served: ServedVersion;
  readonly isNamed: boolean;
}

type JsonSchema = Readonly<Record<string, unknown>>;

const NUMBER = { type: 'number' };
const TEXT = { type: 'string' };
const SHARE = { type: 'number', minimum: 0, maximum: 1 };
const listOf = (items: JsonSchema) => ({ type: 'array', items });
const objectOf = (properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const part = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What one row is answered with, by name. */
function describePrediction({ task, classes }: ModelSignature): JsonSchema {
  switch (task) {
    case 'binary-classification':
      return { enum: [0, 1], description: '1 from the threshold on' };
    case 'anomaly-detection':
      return { enum: [0, 1], description: '1: an anomaly' };
    case 'regression':
      return NUMBER;
    default:
      return { type: ['string', 'null'], examples: classes?.slice(0, 20), description: 'null: the model abstains' };
  }
}

function describeResult({ task }: ModelSignature): JsonSchema {
  const shown = { prediction_id: { type: 'string', format: 'uuid' }, prediction: part('Prediction') };
  const common = { model_name: TEXT, model_version: { type: 'integer' }, warnings: listOf({ type: 'object' }) };
  if (task === 'regression') return objectOf({ ...shown, ...common });
  if (task === 'anomaly-detection') return objectOf({ ...shown, score: SHARE, threshold: SHARE, ...common });
  return objectOf({ ...shown, probability: SHARE, ...common });
}

/** The graph's own tensors, of one row. */
function exampleTensors(signature: ModelSignature): readonly object[] {
  const row = exampleRow(signature);
  const isText = (name: string): boolean =>
    signature.inputs.some((input) => input.name === name && (input.categories !== undefined || input.type === 'text'));
  const values = [...row].map(([name, value]) => ({ name, value: typeof value === 'boolean' ? Number(value) : value }));
  return inputsOf(signature).map(({ name, datatype, shape }) => {
    const takesText = name === TEXTS || name === QUERY;
    const data = values.filter((one) => isText(one.name) === takesText).map(({ value }) => value);
    return { name, datatype, shape: shape.map((size) => (size === -1 ? 1 : size)), data };
  });
}

const tensor = (names: readonly string[]): JsonSchema =>
  objectOf({
    name: { type: 'string', examples: names },
    datatype: TEXT,
    shape: listOf({ type: 'integer', minimum: 0 }),
    data: { type: 'array' },
  });

interface Operation {
  readonly summary: string;
  readonly request: JsonSchema;
  readonly example: object;
  readonly answer: JsonSchema;
  /** How refusals look. */
  readonly failure: { readonly type: string; readonly schema: string };
}

const PROBLEM = { type: 'application/problem+json', schema: 'Problem' };
const ERROR = { type: 'application/json', schema: 'Error' };
const MLFLOW_ERROR = { type: 'application/json', schema: 'MlflowError' };

/** The routes on which a version can be asked, by path. */
function describeOperations({ served, isNamed }: DocumentedVersion): Readonly<Record<string, Operation>> {
  const { modelName, planned } = served;
  const { signature, version } = planned;
  const row = Object.fromEntries(exampleRow(signature));
  const values = [...exampleRow(signature).values()];
  const columns = signature.inputs.map(({ name }) => name);
  const own = `/api/v1/models/${modelName}`;
  const named = `${modelName}${isNamed ? `/versions/${version}` : ''}`;
  const predictions = objectOf({ predictions: listOf(part('Prediction')), prediction_id: TEXT });
  const infer = {
    request: objectOf({ inputs: listOf(tensor(inputsOf(signature).map(({ name }) => name))) }),
    example: { inputs: exampleTensors(signature) },
    answer: objectOf({
      ...{ model_name: TEXT, model_version: TEXT, parameters: { type: 'object' } },
      outputs: listOf(tensor(outputsOf(signature).map(({ name }) => name))),
    }),
    failure: ERROR,
  };
  const instances = { request: objectOf({ instances: listOf(part('Row')) }), example: { instances: [row] } };
  const v1: Readonly<Record<string, Operation>> = {
    [`/v1/models/${named}:predict`]: {
      summary: 'KServe V1: instances in, predictions out',
      ...{ ...instances, answer: predictions, failure: ERROR },
    },
    ...(signature.task !== 'text-classification' && {
      [`/v1/models/${named}:explain`]: {
        summary: 'KServe V1: instances in, what each column added to each prediction out',
        ...instances,
        answer: objectOf({ predictions: listOf(part('Prediction')), explanations: listOf({ type: 'object' }) }),
        failure: ERROR,
      },
    }),
  };
  return {
    [`${own}/predict`]: {
      summary: 'Rows of named fields in, one result for each out',
      request: {
        type: 'object',
        properties: { rows: listOf(part('Row')), version: { type: 'integer' } },
        required: ['rows'],
        additionalProperties: false,
      },
      example: { rows: [row], ...(isNamed && { version }) },
      answer: objectOf({ results: listOf(part('Result')) }),
      failure: PROBLEM,
    },
    [`/v2/models/${named}/infer`]: { summary: 'Open Inference v2: tensors in, tensors out', ...infer },
    ...v1,
    [`/api/v1/models/${named}/invocations`]: {
      summary: 'MLflow: a data frame in, predictions out',
      request: objectOf({
        dataframe_split: objectOf({ columns: listOf({ enum: columns }), data: listOf({ type: 'array' }) }),
      }),
      example: { dataframe_split: { columns, data: [values] } },
      answer: predictions,
      failure: MLFLOW_ERROR,
    },
  };
}

const inJson = (schema: JsonSchema, example?: object) => ({
  'application/json': { schema, ...(example && { example }) },
});

const describeOperation = ({ summary, request, example, answer, failure }: Operation) => ({
  post: {
    summary,
    requestBody: { required: true, content: inJson(request, example) },
    responses: {
      200: { description: 'The answer', content: inJson(answer) },
      default: { description: 'A refusal, in words', content: { [failure.type]: { schema: part(failure.schema) } } },
    },
  },
});

/**
 * How one model is asked, as OpenAPI 3.1 made from its signature: every form in which it answers, each with a request that can be sent as
 * it stands.
 */
export function describeModelApi(documented: DocumentedVersion): object {
  const { served, isNamed } = documented;
  const { modelName, planned } = served;
  const { signature, version, algorithm, threshold } = planned;
  const operations = Object.entries(describeOperations(documented));
  const which = isNamed ? `Version ${version}` : `Made from version ${version}, which is live now`;
  return {
    openapi: '3.1.0',
    info: {
      title: modelName,
      version: String(version),
      description: `${which}: ${signature.task} of ${signature.target} by ${algorithm}, threshold ${threshold}.`,
    },
    security: [{ apiKey: [] }, { bearer: [] }],
    paths: Object.fromEntries(operations.map(([path, operation]) => [path, describeOperation(operation)])),
    components: {
      schemas: {
        Row: describeRow(signature),
        Prediction: describePrediction(signature),
        Result: describeResult(signature),
        Problem: objectOf({ type: TEXT, title: TEXT, status: { type: 'integer' }, detail: TEXT, code: TEXT }),
        Error: objectOf({ error: TEXT }),
        MlflowError: objectOf({ error_code: TEXT, message: TEXT }),
      },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}
