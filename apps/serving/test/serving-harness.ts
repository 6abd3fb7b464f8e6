import './native-arrays.js';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  decodePredictAnswer,
  encodePredictCallHead,
  type PredictAnswer,
  type PredictCall,
  Prediction,
  type Problem,
} from '@gimbal/contracts';
import { type BuiltService, buildService, FrameClient } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { servingService } from '../src/index.js';

const SERVICE_KEY = 'the-service-key-of-the-gateway';
const KEYS = {
  gateway: SERVICE_KEY,
  monitoring: 'the-service-key-of-monitoring',
  registry: 'the-service-key-of-registry',
};
const TRUSTED = Object.entries(KEYS)
  .map(([name, key]) => `${name}:${createHash('sha256').update(key).digest('hex')}`)
  .join(',');

/** An answer of the data plane, as a caller of the gateway sees it. */
export interface Said {
  readonly status: number;
  readonly retryAfterSeconds: number;
  readonly body: unknown;
}

/** Sends predictions over real frames. */
export class PredictClient {
  private readonly client: FrameClient;
  private next = 0;

  constructor(address: string) {
    const silent = () => undefined;
    const logger = { info: silent, warn: silent };
    this.client = new FrameClient({
      address: { path: address },
      name: 'gateway',
      key: SERVICE_KEY,
      logger,
      answerTimeoutMs: 60_000, // no measure of speed: on a busy machine an answer takes its time
    });
    this.client.start();
  }

  get ready(): boolean {
    return this.client.ready;
  }

  async connected(): Promise<void> {
    await eventually(() => {
      if (!this.client.ready) throw new Error('not connected');
    });
  }

  /** The answer as it comes, its bytes copied. */
  async send(call: Partial<PredictCall>): Promise<PredictAnswer> {
    const whole: PredictCall = {
      route: 'predictModel',
      params: { model: 'heart-disease' },
      query: [],
      trafficKey: null,
      keyId: 'key-1',
      requestId: `request-${this.next++}`,
      headers: {},
      body: new Uint8Array(),
      ...call,
    };
    const answer = decodePredictAnswer(await this.client.send(encodePredictCallHead(whole), whole.body));
    return { ...answer, body: Buffer.from(answer.body) };
  }

  async call(call: Partial<PredictCall>): Promise<Said> {
    const { status, retryAfterSeconds, body } = await this.send(call);
    return { status, retryAfterSeconds, body: JSON.parse(Buffer.from(body).toString()) };
  }

  predict(row: unknown, more: Partial<PredictCall> = {}): Promise<Said> {
    return this.call({ route: 'predict', params: {}, body: Buffer.from(JSON.stringify(row)), ...more });
  }

  predictRows(rows: readonly unknown[], more: Partial<PredictCall> & { version?: number } = {}): Promise<Said> {
    const { version, ...call } = more;
    return this.call({ body: Buffer.from(JSON.stringify({ rows, version })), ...call });
  }

  stop(): void {
    this.client.stop();
  }
}

export const problemOf = ({ body }: Said): Problem => body as Problem; // told by its status
export const predictionOf = ({ body }: Said) => Prediction.parse(body);

/** Serves for as long as `work` lasts. */
export async function serveFor(
  environment: Readonly<Record<string, string>>,
  work: (client: PredictClient, harness: ServingHarness) => Promise<void>,
): Promise<void> {
  const harness = await ServingHarness.make();
  try {
    await work(await harness.start(environment), harness);
  } finally {
    await harness.remove();
  }
}

/** Serving with its doors, its folders and its log lines. */
export class ServingHarness {
  readonly lines: string[] = [];
  readonly home: string;
  readonly address: string;
  private service: BuiltService<Record<never, never>> | undefined;
  private clients: PredictClient[] = [];

  private constructor(home: string) {
    this.home = home;
    this.address = join(home, 's.sock');
  }

  static async make(): Promise<ServingHarness> {
    return new ServingHarness(await mkdtemp(join(tmpdir(), 'serving-')));
  }

  environment(more: Readonly<Record<string, string>>): Record<string, string> {
    return {
      SERVING_FRAMES: this.address,
      SPOOL_DIR: join(this.home, 'spool'),
      MODEL_CACHE_DIR: join(this.home, 'models'),
      RECEIPT_KEY_FILE: join(this.home, 'receipt-key.pem'),
      GIMBAL_TRUSTED_CALLERS: TRUSTED,
      GIMBAL_SERVICE_KEY: 'the-service-key-of-serving',
      DATABASE_URL: 'postgresql://nobody:none@127.0.0.1:1/none',
      TRAFFIC_RETRY: '50',
      SPOOL_SHIP_DELAY: '10',
      SERVING_RUN_TIMEOUT: '60000',
      SERVING_LOAD_TIMEOUT: '60000',
      LOG_LEVEL: 'debug',
      ...more,
    };
  }

  async start(more: Readonly<Record<string, string>> = {}): Promise<PredictClient> {
    const logDestination = new Writable({
      write: (chunk, _encoding, done) => {
        this.lines.push(...String(chunk).split('\n').filter(Boolean));
        done();
      },
    });
    this.service = await buildService(servingService, { env: this.environment(more), logDestination });
    return this.connect();
  }

  async connect(): Promise<PredictClient> {
    const client = new PredictClient(this.address);
    this.clients.push(client);
    await client.connected();
    return client;
  }

  get app() {
    if (!this.service) throw new Error('not started');
    return this.service.app;
  }

  async metrics(): Promise<string> {
    return (await this.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).body;
  }

  async get(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const reply = await this.app.inject({ url, headers: { authorization: `Bearer ${SERVICE_KEY}` } });
    return { status: reply.statusCode, body: reply.json() };
  }

  async post(
    url: string,
    payload: object,
    caller: keyof typeof KEYS = 'gateway',
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${KEYS[caller]}` };
    const reply = await this.app.inject({ method: 'POST', url, payload, headers });
    return { status: reply.statusCode, body: reply.json() };
  }

  async stop(): Promise<void> {
    for (const client of this.clients.splice(0)) client.stop();
    await this.service?.app.close();
    this.service = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}
