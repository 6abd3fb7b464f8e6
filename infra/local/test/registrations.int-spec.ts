import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  findS3Server,
  PostgresPair,
  pythonOfMlflow,
  S3_ACCESS_KEY,
  S3_SECRET_KEY,
  startTestMlflow,
  startTestS3,
  type TestMlflow,
  type TestS3,
} from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { Ward } from './ward.js';

jest.setTimeout(900_000);

const REGISTRATIONS = 5_000;
const CLIENTS = 16;
const MODELS = 8;
/** As MLflow's client: what may pass is asked again, longer each time. */
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 4_000;
const PATIENCE_MS = 120_000;

const Created = z.object({ model_version: z.object({ version: z.coerce.number() }) });
const Found = z.object({
  model_versions: z
    .array(
      z.object({
        version: z.coerce.number(),
        status: z.string(),
        source: z.string(),
        tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
      }),
    )
    .default([]),
  next_page_token: z.string().optional(),
});
const Run = z.object({ run: z.object({ info: z.object({ experiment_id: z.string(), run_id: z.string() }) }) });

const modelOf = (number: number): string => `model-${number % MODELS}`;
const fileOf = (number: number): string => `weights of registration ${number}`;

/** Clients that upload a file and register it, over and over, through whatever is away meanwhile. */
class Registrars {
  /** The version that each registration was answered with. */
  readonly acknowledged = new Map<number, number>();
  /** Registrations that were given up. */
  readonly failed: string[] = [];
  /** Between two answers, at most. */
  longestGapMs = 0;
  private next = 0;
  private lastAnswerMs = performance.now();
  private readonly working: Promise<unknown>;

  constructor(
    private readonly gateway: string,
    private readonly key: string,
    private readonly run: { readonly experiment: string; readonly id: string },
  ) {
    this.working = Promise.all(Array.from({ length: CLIENTS }, () => this.work()));
  }

  static async open(ward: Ward): Promise<Registrars> {
    const gateway = (await ward.runtime()).gateway;
    const key = (await ward.keys()).operator;
    const call = caller(gateway, key);
    for (let model = 0; model < MODELS; model += 1)
      await call('POST', '/api/2.0/mlflow/registered-models/create', JSON.stringify({ name: `model-${model}` }));
    const { run } = Run.parse(
      await (await call('POST', '/api/2.0/mlflow/runs/create', JSON.stringify({ experiment_id: '0' }))).json(),
    );
    return new Registrars(gateway, key, { experiment: run.info.experiment_id, id: run.info.run_id });
  }

  /** Resolves when so many more were registered. */
  more(count: number): Promise<void> {
    const wanted = Math.min(this.acknowledged.size + count, REGISTRATIONS);
    return eventually(() => expect(this.acknowledged.size + this.failed.length).toBeGreaterThanOrEqual(wanted), {
      timeoutMs: 600_000,
    });
  }

  async end(): Promise<void> {
    await this.working;
  }

  pathOf(number: number): string {
    return `${this.run.experiment}/${this.run.id}/artifacts/${number}/weights.bin`;
  }

  private async work(): Promise<void> {
    while (this.next < REGISTRATIONS) {
      const number = this.next++;
      try {
        const version = await this.register(number);
        this.acknowledged.set(number, version);
        const now = performance.now();
        this.longestGapMs = Math.max(this.longestGapMs, now - this.lastAnswerMs);
        this.lastAnswerMs = now;
      } catch (error) {
        this.failed.push(`${number}: ${error}`);
      }
    }
  }

  private async register(number: number): Promise<number> {
    const path = this.pathOf(number);
    await this.insist('PUT', `/api/2.0/mlflow-artifacts/artifacts/${path}`, fileOf(number));
    const answer = await this.insist(
      'POST',
      '/api/2.0/mlflow/model-versions/create',
      JSON.stringify({
        name: modelOf(number),
        source: `mlflow-artifacts:/${path.slice(0, path.lastIndexOf('/'))}`,
        run_id: this.run.id,
        tags: [
          { key: 'number', value: String(number) },
          { key: 'whole', value: 'yes' },
        ],
      }),
    );
    return Created.parse(answer).model_version.version;
  }

  /** Asks again what may pass, until patience ends. */
  private async insist(method: string, path: string, body: string): Promise<unknown> {
    const call = caller(this.gateway, this.key);
    const until = performance.now() + PATIENCE_MS;
    for (let wait = RETRY_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_MOST_MS)) {
      const answer = await call(method, path, body).catch((error: unknown) => error);
      if (answer instanceof Response) {
        const text = await answer.text().catch(() => ''); // cut off: asked again
        if (answer.status === 200 && text !== '') return JSON.parse(text);
        if (answer.status < 500 && answer.status !== 429 && answer.status !== 200)
          throw new Error(`${answer.status} ${text}`);
      }
      if (performance.now() > until)
        throw new Error(`given up: ${answer instanceof Response ? answer.status : answer}`);
      await sleep(wait * (0.5 + Math.random() / 2));
    }
  }
}

const caller =
  (gateway: string, key: string) =>
  (method: string, path: string, body?: string): Promise<Response> =>
    fetch(`${gateway}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': path.includes('mlflow-artifacts') ? 'application/octet-stream' : 'application/json',
      },
      ...(body !== undefined && { body }),
    });

describe('registrations by many clients while everything behind them is killed', () => {
  const [python, s3Server] = [pythonOfMlflow(3), findS3Server()];
  let pair: PostgresPair;
  let mlflow: TestMlflow | undefined;
  let store: TestS3 | undefined;
  let ward: Ward;
  let registrars: Registrars;

  beforeAll(async () => {
    [pair, mlflow, store] = await Promise.all([
      PostgresPair.start(),
      python === null ? undefined : startTestMlflow(python),
      s3Server === null ? undefined : startTestS3(s3Server),
    ]);
    ward = await Ward.open({
      DATABASE_URL: pair.connectionString('gimbal'),
      ...(mlflow && { MLFLOW_TRACKING_URI: mlflow.url }),
      ...(store && {
        ARTIFACT_URL: `s3://${store.bucket}`,
        ARTIFACT_S3_ENDPOINT: store.endpoint,
        ARTIFACT_S3_PATH_STYLE: 'true',
        AWS_ACCESS_KEY_ID: S3_ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY: S3_SECRET_KEY,
        AWS_REGION: 'us-east-1',
      }),
    });
    registrars = await Registrars.open(ward);
    await registrars.more(500);
    await ward.kill('registry');
    await registrars.more(500);
    await pair.killPrimary();
    await registrars.more(500);
    await mlflow?.kill();
    await registrars.more(500);
    await store?.restart();
    await registrars.more(500);
    await Promise.all([ward.kill('registry'), mlflow?.restart()]);
    await registrars.end();
  });
  afterAll(async () => {
    await ward?.close();
    await Promise.all([pair?.dispose(), mlflow?.dispose(), store?.dispose()]);
  });

  it('none fails, and the longest silence is seconds', () => {
    expect(registrars.failed).toEqual([]);
    expect(registrars.acknowledged.size).toBe(REGISTRATIONS);
    process.stderr.write(`longest time without a registration: ${Math.round(registrars.longestGapMs)} ms\n`);
    expect(registrars.longestGapMs).toBeLessThan(60_000);
  });

  it('each is there once, whole, under the number it was answered, without a gap', async () => {
    const call = caller((await ward.runtime()).gateway, (await ward.keys()).viewer);
    for (let model = 0; model < MODELS; model += 1) {
      const versions: number[] = [];
      const twice: number[] = [];
      const numbers = new Map<number, number>();
      for (let token = ''; ; ) {
        const query = new URLSearchParams({ filter: `name = 'model-${model}'`, max_results: '500', page_token: token });
        const page = Found.parse(await (await call('GET', `/api/2.0/mlflow/model-versions/search?${query}`)).json());
        for (const { version, status, tags, source } of page.model_versions) {
          const of = new Map(tags.map(({ key, value }) => [key, value]));
          const number = Number(of.get('number'));
          expect({ status, whole: of.get('whole'), source }).toEqual({
            status: 'READY',
            whole: 'yes',
            source: `mlflow-artifacts:/${registrars.pathOf(number).replace('/weights.bin', '')}`,
          });
          versions.push(version);
          if (numbers.has(number)) twice.push(number);
          numbers.set(number, version);
        }
        if (!page.next_page_token) break;
        token = page.next_page_token;
      }
      expect(twice).toEqual([]);
      const acknowledged = [...registrars.acknowledged].filter(([number]) => modelOf(number) === `model-${model}`);
      expect(versions.sort((a, b) => a - b)).toEqual(acknowledged.map((_, index) => index + 1));
      expect(new Map([...numbers].sort(([a], [b]) => a - b))).toEqual(new Map(acknowledged.sort(([a], [b]) => a - b)));
    }
  });

  it('the file of each can be fetched', async () => {
    const call = caller((await ward.runtime()).gateway, (await ward.keys()).viewer);
    const numbers = [...registrars.acknowledged.keys()];
    const wrong: number[] = [];
    const check = async () => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
        const answer = await call('GET', `/api/2.0/mlflow-artifacts/artifacts/${registrars.pathOf(number)}`);
        if ((await answer.text()) !== fileOf(number)) wrong.push(number);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, check));
    expect(wrong).toEqual([]);
  });
});
