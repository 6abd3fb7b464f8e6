import type { components } from '../generated/openapi.js';
import { GimbalError, refusalOf } from '../gimbal-error.js';
import { isTemporary } from '../temporary-failure.js';
import { type RetryPolicy, withRetries } from '../with-retries.js';
import { binaryBody, type InferChoice, jsonBody, readAnswer } from './infer-body.js';
import type { Datatype, Tensor } from './tensors.js';

type Schemas = components['schemas'];
/** A row by the names of its columns; null or nothing: not known. */
export type Row = Schemas['Features'];

export interface PredictionClientOptions {
  /** Address of the gateway, or of serving's own door. */
  readonly url: string;
  readonly apiKey: string;
  /** Milliseconds until an answer is given up, all tries together; default 10 000. The server is told what is left and does not begin later. */
  readonly deadlineMs?: number;
  /** Tries in all, default 3. */
  readonly attempts?: number;
}

/** How one question is asked. */
export interface CallOptions {
  readonly deadlineMs?: number;
  /** The same key stays on its side of a canary or an A/B test. */
  readonly trafficKey?: string;
}

export interface PredictOptions extends CallOptions {
  readonly version?: number;
  /** Another code of the values, as the dataset's definition names it. */
  readonly coding?: string;
  /** Ask for a signed receipt with every result. */
  readonly receipt?: boolean;
}

export interface InferOptions extends CallOptions, InferChoice {
  readonly version?: number;
  /** How tensors travel, default `binary`. */
  readonly encoding?: 'binary' | 'json';
}

/** The answer to an inference. */
export interface Inference {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string | undefined;
  readonly outputs: readonly Tensor[];
  /** @throws RangeError when there is no output of this name and datatype */
  output<D extends Datatype>(name: string, datatype: D): Tensor<D>;
  /** Id of a row in the prediction log, to send its label later; `row` counts from 0. */
  predictionId(row: number): string;
}

/**
 * Asks models: by named fields, by Open Inference v2 (the methods have the names of KServe's client) and by KServe V1. Connections are
 * kept open between questions. A question is repeated when nobody took it (refused connection, 429, 502, 503), never after the deadline.
 * What is predicted is not changed by asking twice; a repeat of a question whose answer was lost on the way is a second row in the log.
 */
export class PredictionClient {
  private readonly retry: RetryPolicy;

  constructor(private readonly options: PredictionClientOptions) {
    this.retry = { attempts: options.attempts ?? 3, deadlineMs: options.deadlineMs ?? 10_000 };
  }

  /** One result for each row, in order. */
  async predict(
    model: string,
    rows: readonly Row[],
    { version, coding, receipt, ...call }: PredictOptions = {},
  ): Promise<Schemas['PredictedRows']['results']> {
    const query = new URLSearchParams({ ...(coding !== undefined && { coding }), ...(receipt && { receipt: 'true' }) });
    const request: Schemas['PredictRows'] = { rows, ...(version !== undefined && { version }) };
    const path = `/api/v1/models/${encodeURIComponent(model)}/predict${query.size > 0 ? `?${query}` : ''}`;
    return (await read<Schemas['PredictedRows']>(this.post(path, json(request), call))).results;
  }

  /** Tensors in, tensors out (Open Inference v2). */
  async infer(
    model: string,
    inputs: readonly Tensor[],
    { version, encoding = 'binary', id, outputs: wanted, ...call }: InferOptions = {},
  ): Promise<Inference> {
    const choice = { ...(id !== undefined && { id }), ...(wanted && { outputs: wanted }) };
    const body = encoding === 'binary' ? binaryBody(inputs, choice) : jsonBody(inputs, choice);
    const response = await this.post(`${modelPath(model, version)}/infer`, body, call);
    const { answer, outputs } = await readAnswer(response);
    return {
      modelName: answer.model_name,
      modelVersion: answer.model_version,
      id: answer.id,
      outputs,
      output: (name, datatype) => pick(outputs, name, datatype),
      predictionId: (row) => countOn(String(answer.parameters['prediction_id']), row),
    };
  }

  /** One prediction for each instance (KServe V1). */
  async predictV1(
    model: string,
    instances: Schemas['V1Request']['instances'],
    call: CallOptions = {},
  ): Promise<readonly unknown[]> {
    const request: Schemas['V1Request'] = { ...(instances && { instances }) };
    const path = `/v1/models/${encodeURIComponent(model)}:predict`;
    return (await read<Schemas['V1Predictions']>(this.post(path, json(request), call))).predictions;
  }

  async isServerLive(): Promise<boolean> {
    return await this.says('/v2/health/live');
  }

  async isServerReady(): Promise<boolean> {
    return await this.says('/v2/health/ready');
  }

  async isModelReady(model: string, version?: number): Promise<boolean> {
    return await this.says(`${modelPath(model, version)}/ready`);
  }

  async serverMetadata(): Promise<Schemas['OpenServer']> {
    return await read(this.ask('/v2', { method: 'GET' }, {}));
  }

  /** Inputs and outputs of the live version, or of the one that is named. */
  async modelMetadata(model: string, version?: number): Promise<Schemas['OpenModel']> {
    return await read(this.ask(modelPath(model, version), { method: 'GET' }, {}));
  }

  /** No is an answer, and so is nobody there. */
  private async says(path: string): Promise<boolean> {
    try {
      await this.send(path, { method: 'GET' }, this.retry.deadlineMs);
      return true;
    } catch (error) {
      if (isTemporary(error) || (error instanceof GimbalError && error.status === 404)) return false;
      throw error;
    }
  }

  private async post(path: string, { headers, body }: Body, call: CallOptions): Promise<Response> {
    return await this.ask(path, { method: 'POST', headers, body }, call);
  }

  private async ask(path: string, request: Request, { deadlineMs, trafficKey }: CallOptions): Promise<Response> {
    const policy = { ...this.retry, ...(deadlineMs !== undefined && { deadlineMs }) };
    const headers = { ...request.headers, ...(trafficKey !== undefined && { 'x-traffic-key': trafficKey }) };
    return await withRetries(policy, (leftMs) => this.send(path, { ...request, headers }, leftMs), wasNotTaken);
  }

  private async send(path: string, request: Request, leftMs: number): Promise<Response> {
    const headers = {
      ...request.headers,
      'x-api-key': this.options.apiKey,
      'x-request-timeout-ms': String(Math.ceil(leftMs)),
    };
    const signal = AbortSignal.timeout(Math.ceil(leftMs));
    const response = await fetch(new URL(path, this.options.url), { ...request, headers, signal });
    if (response.ok) return response;
    throw refusalOf(response, await response.text());
  }
}

interface Body {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}
interface Request extends Partial<Body> {
  readonly method: 'GET' | 'POST';
}

const json = (value: unknown): Body => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** The answer has the form that the gateway's document gives it: its tests hold every answer against that document. */
const read = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;

const modelPath = (model: string, version: number | undefined): string =>
  `/v2/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${version}`}`;

/** A timeout or a failure of the model is no reason to ask again: it may be working on it. */
const NOT_TAKEN = new Set([429, 502, 503]);
const wasNotTaken = (error: unknown): boolean =>
  error instanceof GimbalError
    ? NOT_TAKEN.has(error.status)
    : isTemporary(error) && (error as Error).name === 'TypeError';

function pick<D extends Datatype>(outputs: readonly Tensor[], name: string, datatype: D): Tensor<D> {
  const found = outputs.find((output) => output.name === name && output.datatype === datatype);
  if (found) return found as Tensor<D>; // as was just looked
  const there = outputs.map((output) => `${output.name} (${output.datatype})`).join(', ');
  throw new RangeError(`There is no output ${name} of ${datatype}: there are ${there}.`);
}

/** Rows have the id of the first, its last eight hexadecimal digits increased (docs/guides/serving.md). */
function countOn(first: string, row: number): string {
  const last = (Number.parseInt(first.slice(-8), 16) + row) % 2 ** 32;
  return first.slice(0, -8) + last.toString(16).padStart(8, '0');
}
