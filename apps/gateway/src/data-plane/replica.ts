import type { FrameClient } from '@gimbal/platform';

/** Refusals in a row, without another answer in between, after which a replica is left alone. */
const REFUSALS_MAX = 5;
const REST_MIN_MS = 100;
const REST_MAX_MS = 10_000;

/**
 * One serving process, and what its answers say of its health. After a broken connection, an answer that never came or five refusals in a
 * row it rests, for a time that doubles; then one request at a time tries it, and only when one is answered the others follow.
 */
export class Replica {
  private refusals = 0;
  private restMs = REST_MIN_MS;
  /** 0: it is well. */
  private restUntilMs = 0;
  private isTried = false;
  private answers = 0;

  /** @param address where it is, for logs */
  constructor(
    readonly address: string,
    private readonly client: Pick<FrameClient, 'ready' | 'load' | 'send' | 'start' | 'stop'>,
  ) {}

  /** Connected, and not on its way out. */
  get isConnected(): boolean {
    return this.client.ready;
  }

  get load(): number {
    return this.client.load;
  }

  /** Answers so far: one more shows that it was alive meanwhile. */
  get answered(): number {
    return this.answers;
  }

  /** Whether it should get a request. */
  takes(nowMs: number): boolean {
    if (!this.client.ready) return false;
    return this.restUntilMs === 0 || (nowMs >= this.restUntilMs && !this.isTried);
  }

  /** @throws UnansweredError, DomainError as {@link FrameClient.send} */
  send(bytes: Uint8Array, rest?: Uint8Array): Promise<Uint8Array> {
    if (this.restUntilMs === 0) return this.client.send(bytes, rest);
    this.isTried = true;
    return this.client.send(bytes, rest).finally(() => {
      this.isTried = false;
    });
  }

  /** It did what it was asked to, or said what was wrong with that. */
  tellAnswered(): void {
    this.answers += 1;
    this.refusals = 0;
    if (this.restUntilMs === 0) return;
    this.restUntilMs = 0;
    this.restMs = REST_MIN_MS;
  }

  /** It said that it can't do what others may be able to. */
  tellRefused(nowMs: number): void {
    this.answers += 1;
    this.refusals += 1;
    if (this.refusals >= REFUSALS_MAX) this.rest(nowMs);
  }

  /** The connection broke, or nothing came. */
  tellSilent(nowMs: number): void {
    this.rest(nowMs);
  }

  start(): void {
    this.client.start();
  }

  stop(): void {
    this.client.stop();
  }

  /** All that was under way fails at once; that counts as one failure. */
  private rest(nowMs: number): void {
    if (nowMs < this.restUntilMs) return;
    this.restUntilMs = nowMs + this.restMs;
    this.restMs = Math.min(this.restMs * 2, REST_MAX_MS);
  }
}
