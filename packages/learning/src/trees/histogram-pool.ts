import type { Kernel } from '../wasm/kernel.js';
import type { BoostingMatrix } from './boosting-matrix.js';

/** Memory for histograms of open nodes. Beyond it the node that gains least gives its histogram away and is summed anew if it is cut. */
const POOL_BYTES_MAX = 128 * 1024 * 1024;
/** A cut needs three at once: parent, child and sibling share two, and one more keeps the walk from starving. */
const POOL_COUNT_MIN = 4;

type HistogramShape = Pick<BoostingMatrix, 'groupBytes' | 'maskOffset' | 'entries'>;

/** A histogram with undefined content: the address of its slots for each group of columns, then a byte per entry. */
export function allocateHistogram(kernel: Kernel, { groupBytes, maskOffset, entries }: HistogramShape): number {
  const address = kernel.allocate(maskOffset + entries.length);
  const slots = groupBytes.map((bytes) => kernel.allocate(bytes));
  kernel.ints(address, slots.length).set(slots);
  return address;
}

/** Histograms in the kernel's memory, reused from tree to tree. */
export class HistogramPool {
  private readonly free: number[] = [];
  private readonly countMax: number;
  private count = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly shape: HistogramShape,
  ) {
    const bytes = shape.groupBytes.reduce((sum, ofGroup) => sum + ofGroup, 0);
    this.countMax = Math.max(POOL_COUNT_MIN, Math.floor(POOL_BYTES_MAX / Math.max(bytes, 1)));
  }

  /** Address of a histogram with undefined content; 0 when all are in use. */
  take(): number {
    const free = this.free.pop();
    if (free !== undefined) return free;
    if (this.count === this.countMax) return 0;
    this.count++;
    return allocateHistogram(this.kernel, this.shape);
  }

  /** Takes a histogram back; 0 is ignored. */
  release(address: number): void {
    if (address !== 0) this.free.push(address);
  }
}
