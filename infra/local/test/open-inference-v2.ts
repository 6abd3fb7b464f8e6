/*
 * What Open Inference Protocol v2 promises over REST, as JSON Schema (2020-12), written from its specification (kserve/open-inference-protocol,
 * specification/protocol/inference_rest.md and open_inference_rest.yaml) and from nothing of this program: what is answered here is held
 * against it. The specification lets every object have more fields.
 */

const text = { type: 'string' };
const flag = { type: 'boolean' };
const listOf = (items: object) => ({ type: 'array', items });
const objectOf = (needed: Readonly<Record<string, object>>, more: Readonly<Record<string, object>> = {}) => ({
  type: 'object',
  properties: { ...needed, ...more },
  required: Object.keys(needed),
});
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });

const DATATYPES = ['BOOL', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64'];
const datatype = { enum: [...DATATYPES, 'FP16', 'FP32', 'FP64', 'BYTES'] };
/** Of a tensor that is there, -1 is no size; of one that metadata tell of, it is any. */
const shape = listOf({ type: 'integer', minimum: 0 });
const parameters = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };
const tensor = objectOf({ name: text, shape, datatype, data: ref('data') }, { parameters });

export const OPEN_INFERENCE_V2 = {
  $id: 'open-inference-v2',
  $defs: {
    /** Nested by its shape, or flat. */
    data: listOf({ anyOf: [ref('data'), { type: ['number', 'string', 'boolean'] }] }),
    tensorMetadata: objectOf({ name: text, datatype, shape: listOf({ type: 'integer', minimum: -1 }) }),
    live: objectOf({ live: flag }),
    ready: objectOf({ ready: flag }),
    modelReady: objectOf({ name: text, ready: flag }),
    server: objectOf({ name: text, version: text, extensions: listOf(text) }),
    model: objectOf(
      { name: text, platform: text, inputs: listOf(ref('tensorMetadata')), outputs: listOf(ref('tensorMetadata')) },
      { versions: listOf(text) },
    ),
    inferRequest: objectOf(
      { inputs: { ...listOf(tensor), minItems: 1 } },
      { id: text, parameters, outputs: listOf(objectOf({ name: text }, { parameters })) },
    ),
    inferResponse: objectOf(
      { model_name: text, outputs: listOf(tensor) },
      { model_version: text, id: text, parameters },
    ),
    error: objectOf({ error: text }),
  },
} as const;

type Form = keyof typeof OPEN_INFERENCE_V2.$defs;

/** The routes that the specification has; those of Triton and MLServer are extensions. */
export const OPEN_INFERENCE_V2_ROUTES: Readonly<Record<string, { readonly request?: Form; readonly response: Form }>> =
  {
    '/v2': { response: 'server' },
    '/v2/health/live': { response: 'live' },
    '/v2/health/ready': { response: 'ready' },
    '/v2/models/{model}': { response: 'model' },
    '/v2/models/{model}/versions/{version}': { response: 'model' },
    '/v2/models/{model}/ready': { response: 'modelReady' },
    '/v2/models/{model}/versions/{version}/ready': { response: 'modelReady' },
    '/v2/models/{model}/infer': { request: 'inferRequest', response: 'inferResponse' },
    '/v2/models/{model}/versions/{version}/infer': { request: 'inferRequest', response: 'inferResponse' },
  };
