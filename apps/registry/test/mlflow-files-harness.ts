import { randomBytes, randomUUID } from 'node:crypto';
import { type ClientRequest, type RequestOptions, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import { type Answer, type RegistryHarness, startRegistry } from './registry-harness.js';

export const PROXY = '/api/2.0/mlflow-artifacts';
const ACTOR = encodeActor({ id: 'key-1', name: 'grace', roles: ['operator'] });
type Headers = Readonly<Record<string, string>>;

/** The roots of a run and of a logged model of one experiment, below MLflow's artifact root. */
export interface Owners {
  readonly number: string;
  readonly runId: string;
  readonly run: string;
  readonly modelId: string;
  readonly model: string;
}

/** A registry that listens, and calls of it with paths exactly as they are written. */
export interface FilesHarness {
  readonly registry: RegistryHarness;
  makeOwners(): Promise<Owners>;
  /** Begins a call; whoever asks sends its body. */
  begin(options: RequestOptions): ClientRequest;
  ask(method: string, path: string, sent?: { readonly body?: Uint8Array; readonly headers?: Headers }): Promise<Answer>;
  put(path: string, body: Uint8Array, headers?: Headers): Promise<Answer>;
  get(path: string, headers?: Headers): Promise<Answer>;
  post(path: string, body: object, headers?: Headers): Promise<Answer>;
  // biome-ignore lint/suspicious/noExplicitAny: what is listed, tests say at the place
  list(path: string): Promise<any>;
}

export async function startFiles(env: Readonly<Record<string, string>> = {}): Promise<FilesHarness> {
  const registry = await startRegistry(env);
  await registry.app.listen(0, '127.0.0.1');
  const url = await registry.app.getUrl();
  const begin: FilesHarness['begin'] = ({ headers, ...options }) =>
    request(url, {
      ...options,
      headers: { authorization: registry.bearer('gateway'), [ACTOR_HEADER]: ACTOR, ...headers },
    });
  const ask: FilesHarness['ask'] = (method, path, { body, headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const length = body && { 'content-length': String(body.length) };
      begin({ method, path, headers: { ...headers, ...length } })
        .on('response', (answer) => {
          const show = (bytes: Buffer): Answer => ({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: /application\/json/.test(answer.headers['content-type'] ?? '') ? JSON.parse(bytes.toString()) : bytes,
          });
          buffer(answer).then((bytes) => resolve(show(bytes)), reject);
        })
        .on('error', reject)
        .end(body);
    });
  const octets = { 'content-type': 'application/octet-stream' };
  const json = { 'content-type': 'application/json' };
  return {
    registry,
    makeOwners: () => makeOwners(registry),
    begin,
    ask,
    put: (path, body, headers) =>
      ask('PUT', `${PROXY}/artifacts/${path}`, { body, headers: { ...octets, ...headers } }),
    get: (path, headers = {}) => ask('GET', `${PROXY}/artifacts/${path}`, { headers }),
    post: (path, body, headers) =>
      ask('POST', `${PROXY}${path}`, { body: Buffer.from(JSON.stringify(body)), headers: { ...json, ...headers } }),
    list: async (path) => (await ask('GET', `${PROXY}/artifacts?path=${encodeURIComponent(path)}`)).body.files,
  };
}

async function makeOwners({ rows }: RegistryHarness): Promise<Owners> {
  const experiment = await rows.experiment.create({ data: { name: randomUUID(), createdBy: 'grace' } });
  const experimentId = experiment.id;
  const { id: runId } = await rows.run.create({ data: { experimentId, name: 'first', createdBy: 'grace' } });
  const modelId = `m-${randomBytes(16).toString('hex')}`;
  await rows.loggedModel.create({ data: { id: modelId, experimentId, name: 'ada', createdBy: 'grace' } });
  const number = String(experiment.number);
  const run = `${number}/${runId.replaceAll('-', '')}/artifacts`;
  return { number, runId, run, modelId, model: `${number}/models/${modelId}/artifacts` };
}
