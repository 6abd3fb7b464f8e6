import { describeFrameAddress, type FrameAddress, type Logger, UnansweredError } from '@gimbal/platform';
import type { Replica } from './replica.js';
import { isNamed, resolveAddress } from './resolve-address.js';

export interface ReplicasOptions {
  /** A host's name stands for as many replicas as it has addresses. */
  readonly addresses: readonly FrameAddress[];
  /** @param onChange to be told when the replica connects or leaves */
  readonly open: (address: FrameAddress, onChange: () => void) => Replica;
  /** How long after the last replica was lost requests wait for one to come. */
  readonly bridgeMs: number;
  /** Most requests that wait so. */
  readonly waitingMax: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How often names are looked up again. */
const LOOKUP_MS = 2_000;
/** A replica that is gone from its name is left connected so long, for what it still has to answer. */
const LEAVING_MS = 60_000;

/** The serving processes that there are, and which of them gets the next request. */
export class Replicas {
  private readonly options: ReplicasOptions;
  private members: ReadonlyMap<string, Replica> = new Map();
  private list: readonly Replica[] = [];
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private isAnyConnected = false;
  private lostAtMs = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Set<() => void>();
  private readonly leaving = new Map<Replica, NodeJS.Timeout>();
  /** What each address stood for when it was looked up last. */
  private readonly resolved = new Map<FrameAddress, readonly FrameAddress[]>();
  private readonly loggedFaults = new Map<FrameAddress, string>();

  constructor(options: ReplicasOptions) {
    this.options = options;
  }

  get all(): readonly Replica[] {
    return this.list;
  }

  start(): void {
    const { addresses } = this.options;
    for (const address of addresses) this.resolved.set(address, isNamed(address) ? [] : [address]);
    this.update();
    if (addresses.some(isNamed)) void this.lookUp();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.release();
    for (const replica of this.list) replica.stop();
    for (const [replica, timer] of this.leaving) {
      clearTimeout(timer);
      replica.stop();
    }
    this.list = [];
  }

  /**
   * The one with the least under way; of several such each in turn. When every one that is connected rests, none is spared: they may all
   * be refusing the same bad request.
   * @param except those that were tried already
   */
  choose(nowMs: number, except?: readonly Replica[]): Replica | undefined {
    const [only] = this.list;
    if (only && this.list.length === 1) return only.isConnected && !except ? only : undefined;
    return (
      this.leastLoaded((replica) => replica.takes(nowMs), except) ??
      this.leastLoaded((replica) => replica.isConnected, except)
    );
  }

  /**
   * Resolves when some replica is connected, or it is no longer worth waiting: a process that is started again is soon back, one that
   * has been away for longer may stay so.
   * @throws UnansweredError `overloaded` when too many wait already
   */
  async awaitAny(nowMs: number, untilMs: number): Promise<void> {
    const waitMs = Math.min(this.lostAtMs + this.options.bridgeMs, untilMs) - nowMs;
    if (this.isAnyConnected || waitMs <= 0 || this.stopped) return;
    if (this.waiting.size >= this.options.waitingMax)
      throw UnansweredError.unsent('overloaded', 'Too many requests wait already; try again shortly.');
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, waitMs);
      this.waiting.add(go);
    });
  }

  private readonly onChange = (): void => {
    const isAnyConnected = this.list.some(({ isConnected }) => isConnected);
    if (this.isAnyConnected && !isAnyConnected) this.lostAtMs = performance.now();
    this.isAnyConnected = isAnyConnected;
    if (isAnyConnected) this.release();
  };

  private release(): void {
    for (const go of this.waiting) go();
  }

  private leastLoaded(isFit: (replica: Replica) => boolean, except: readonly Replica[] = []): Replica | undefined {
    const { list } = this;
    this.turn += 1;
    let best: Replica | undefined;
    for (let index = 0; index < list.length; index++) {
      const replica = list[(this.turn + index) % list.length];
      if (!replica || (best && replica.load >= best.load) || except.includes(replica) || !isFit(replica)) continue;
      best = replica;
    }
    return best;
  }

  private async lookUp(): Promise<void> {
    await Promise.all(this.options.addresses.filter(isNamed).map((address) => this.lookUpOne(address)));
    if (this.stopped) return;
    this.update();
    this.timer = setTimeout(() => void this.lookUp(), LOOKUP_MS);
    this.timer.unref();
  }

  /** While a name can't be looked up, what it last stood for is the best guess. */
  private async lookUpOne(address: FrameAddress): Promise<void> {
    try {
      this.resolved.set(address, await resolveAddress(address));
      this.loggedFaults.delete(address);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (this.loggedFaults.get(address) === fault) return; // said once, not at every attempt
      this.loggedFaults.set(address, fault);
      this.options.logger.warn({ address: describeFrameAddress(address), fault }, 'replicas of serving not found');
    }
  }

  private update(): void {
    const before = this.members;
    const members = new Map<string, Replica>();
    for (const address of [...this.resolved.values()].flat()) {
      const name = describeFrameAddress(address);
      const known = before.get(name);
      const replica = known ?? members.get(name) ?? this.options.open(address, this.onChange);
      members.set(name, replica);
      if (!known) replica.start(); // a second time it does nothing
    }
    for (const [name, replica] of before) {
      if (members.has(name)) continue;
      const timer = setTimeout(() => {
        this.leaving.delete(replica);
        replica.stop();
      }, LEAVING_MS);
      this.leaving.set(replica, timer.unref());
    }
    this.members = members;
    this.list = [...members.values()];
    this.onChange(); // the last that was connected may be gone from its name
  }
}
