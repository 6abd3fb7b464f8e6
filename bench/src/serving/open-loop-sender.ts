/**
 * Sends one request over and over at times that nothing which is answered has a part in: arrivals are a Poisson process, as those of many callers
 * who do not know of each other. A request's time counts from when it was due, also when it had to wait for a free connection, so that a server
 * that stops for a moment is charged with all that it kept waiting.
 *
 * `node open-loop-sender.js PLAN`, a file of {@link SenderPlan}; prints one line, a {@link SenderResult}.
 */
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';

export interface SenderPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
  readonly requestsPerSecond: number;
  /** Arrivals of this time at the beginning are sent, and not counted. */
  readonly warmSeconds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface SenderResult {
  readonly answered: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How late the sender itself was, at worst in all but one of a hundred requests. */
  readonly lateMsP99: number;
}

const MS_PER_SECOND = 1_000;
const OK = 'HTTP/1.1 200';
/** Between two looks at the clock; others on the same core have this time. */
const PAUSE_MS = 0.02;
/** Never woken. */
const NOBODY = new Int32Array(new SharedArrayBuffer(4));
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** One connection with at most one request under way. */
class Connection {
  private readonly socket: Socket;
  private received: Buffer | undefined;
  private dueMs = 0;

  constructor(
    url: URL,
    private readonly request: Buffer,
    private readonly onAnswer: (connection: Connection, dueMs: number) => void,
  ) {
    this.socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => fail(error.message));
    this.socket.on('close', () => fail('The server closed a connection.'));
  }

  send(dueMs: number): void {
    this.dueMs = dueMs;
    this.socket.write(this.request);
  }

  private take(chunk: Buffer): void {
    const bytes = this.received ? Buffer.concat([this.received, chunk]) : chunk;
    this.received = bytes;
    const endOfHead = bytes.indexOf(END_OF_HEAD);
    if (endOfHead < 0) return;
    const head = bytes.toString('latin1', 0, endOfHead);
    if (!head.startsWith(OK)) fail(`An answer was not 200:\n${bytes.toString('utf8')}`);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (bytes.length < endOfHead + END_OF_HEAD.length + length) return;
    this.received = undefined;
    this.onAnswer(this, this.dueMs);
  }
}

function fail(fault: string): never {
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

function asRequest({ url, headers, body }: SenderPlan): Buffer {
  const { host, pathname } = new URL(url);
  const bytes = Buffer.from(body, 'base64');
  const lines = Object.entries({ host, ...headers, 'content-length': String(bytes.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head}\r\n`), bytes]);
}

/** Looks at the clock on every turn of the loop: a timer would gather the arrivals of a millisecond to a burst. */
function run(plan: SenderPlan): void {
  const idle: Connection[] = [];
  const queue: number[] = [];
  const latenciesMs: number[] = [];
  const latesMs: number[] = [];
  const beginMs = performance.now();
  const countFromMs = beginMs + plan.warmSeconds * MS_PER_SECOND;
  const endMs = countFromMs + plan.seconds * MS_PER_SECOND;
  const meanMs = MS_PER_SECOND / plan.requestsPerSecond;
  let nextMs = beginMs;
  let underWay = 0;
  const onAnswer = (connection: Connection, dueMs: number): void => {
    underWay -= 1;
    if (dueMs >= countFromMs) latenciesMs.push(performance.now() - dueMs);
    const waiting = queue.shift();
    if (waiting === undefined) idle.push(connection);
    else connection.send(waiting);
  };
  const request = asRequest(plan);
  const url = new URL(plan.url);
  for (let index = 0; index < plan.connections; index++) idle.push(new Connection(url, request, onAnswer));
  const turn = (): void => {
    const nowMs = performance.now();
    while (nextMs <= nowMs && nextMs < endMs) {
      if (nextMs >= countFromMs) latesMs.push(nowMs - nextMs);
      underWay += 1;
      const connection = idle.pop();
      if (connection) connection.send(nextMs);
      else queue.push(nextMs);
      nextMs -= Math.log(1 - Math.random()) * meanMs;
    }
    if (nextMs >= endMs && underWay === 0) report(latenciesMs, latesMs);
    else {
      Atomics.wait(NOBODY, 0, 0, PAUSE_MS);
      setImmediate(turn);
    }
  };
  turn();
}

function report(latenciesMs: readonly number[], latesMs: readonly number[]): void {
  const sorted = Float64Array.from(latenciesMs).sort();
  const result: SenderResult = {
    answered: sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    lateMsP99: quantile(Float64Array.from(latesMs).sort(), 0.99),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

run(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'))); // written by this benchmark
