import { LearningError } from '../learning-error.js';
import { KERNEL_WASM } from './kernel-wasm.js';

/** Addresses in the kernel's memory are byte offsets; 0 means "none". What each function does stands in `assembly/`. */
export interface KernelExports {
  encodeValues(
    values: number,
    count: number,
    edges: number,
    tree: number,
    missing: number,
    target: number,
    shift: number,
  ): void;
  sortDistinct(values: number, count: number, spare: number, digits: number): number;
  addCodes(codes: number, count: number, factor: number, target: number, shift: number): void;
  setTables(
    columns: number,
    groups: number,
    features: number,
    activeFeatures: number,
    activeColumns: number,
    scratch: number,
  ): void;
  setLimits(
    l2: number,
    l1: number,
    hessianMin: number,
    rowsMin: number,
    isGeneral: number,
    hasBounds: number,
    isDownwardFirst: number,
  ): void;
  setCategoryLimits(
    order: number,
    oneHotMax: number,
    categoriesMax: number,
    smooth: number,
    l2: number,
    groupRowsMin: number,
  ): void;
  evaluateGroups(
    from: number,
    to: number,
    rows: number,
    pairs: number,
    count: number,
    small: number,
    parent: number,
    large: number,
    smallNode: number,
    largeNode: number,
  ): void;
  evaluateWithTeam(
    control: number,
    patience: number,
    from: number,
    to: number,
    rows: number,
    pairs: number,
    count: number,
    small: number,
    parent: number,
    large: number,
    smallNode: number,
    largeNode: number,
  ): void;
  logisticPairsWithTeam(
    control: number,
    patience: number,
    margins: number,
    targets: number,
    weights: number,
    pairs: number,
    count: number,
    magic: number,
    hessianMin: number,
  ): void;
  gatherPairsWithTeam(
    control: number,
    patience: number,
    rows: number,
    count: number,
    pairs: number,
    target: number,
    range: number,
  ): void;
  partitionWithTeam(
    control: number,
    patience: number,
    rows: number,
    count: number,
    codes: number,
    shift: number,
    goesLeft: number,
    held: number,
  ): number;
  helpTeam(control: number, ownSmall: number, ownLarge: number, nodeA: number, nodeB: number, ownPairs: number): void;
  endTeam(control: number): void;
  pickBest(node: number, byFeature: number, entries: number, histogram: number, rows: number): number;
  applyMask(mask: number, entries: number, columnCount: number): void;
  writeMask(node: number, mask: number, entries: number): void;
  slotsOf(entry: number, histogram: number): number;
  addTerms(
    columns: number,
    stride: number,
    columnCount: number,
    slopes: number,
    margins: number,
    marginStride: number,
    outputs: number,
    rows: number,
  ): void;
  shareMargins(
    margins: number,
    marginStride: number,
    outputs: number,
    rows: number,
    greatest: number,
    sums: number,
  ): void;
  addProducts(
    columns: number,
    stride: number,
    columnCount: number,
    factors: number,
    factorStride: number,
    outputs: number,
    sums: number,
    rows: number,
  ): void;
  standardiseColumns(
    columns: number,
    stride: number,
    columnCount: number,
    terms: number,
    factors: number,
    target: number,
    targetStride: number,
    rows: number,
  ): void;
  addPairs(columns: number, stride: number, size: number, rows: number, gram: number): void;
  gatherCells(column: number, rows: number, count: number, values: number, range: number): number;
  sumUpTo(values: number, threshold: number, count: number, weights: number, weighted: number, sums: number): number;
  sumClassesUpTo(
    values: number,
    threshold: number,
    count: number,
    weights: number,
    classes: number,
    sums: number,
    classCount: number,
  ): number;
  gatherPairs(rows: number, count: number, pairs: number, target: number, range: number): void;
  sumPairs(pairs: number, count: number, sums: number): void;
  partition(rows: number, count: number, codes: number, shift: number, goesLeft: number, held: number): number;
  fillRows(rows: number, count: number): void;
  addToMargins(rows: number, count: number, margins: number, value: number): void;
  logisticPairs(
    margins: number,
    targets: number,
    weights: number,
    pairs: number,
    count: number,
    magic: number,
    hessianMin: number,
  ): void;
  squaredPairs(
    margins: number,
    targets: number,
    weights: number,
    pairs: number,
    count: number,
    magic: number,
    hessianMin: number,
  ): void;
  normaliseSoftmax(
    margins: number,
    stride: number,
    classes: number,
    count: number,
    greatest: number,
    inverse: number,
  ): void;
  softmaxPairs(
    margins: number,
    greatest: number,
    inverse: number,
    targets: number,
    classIndex: number,
    weights: number,
    pairs: number,
    count: number,
    factor: number,
    magic: number,
    hessianMin: number,
  ): void;
}

/** A WebAssembly memory that threads share. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** What this package uses of WebAssembly; neither Node's types nor TypeScript's library without a browser declare it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }; // every runtime we support has it

const PAGE_BYTES = 65_536;
/** 4 GiB less a page: all that 32-bit addresses reach. */
const PAGES_MAX = 65_535;
/** Address 0 means "none", so nothing is ever placed there. */
const FIRST_ADDRESS = 1024;
/** A kernel that grew beyond this is given up after use, since memory never shrinks. */
const KEPT_BYTES_MAX = 32 * 1024 * 1024;

let compiled: object | null = null;

/** The compiled kernel, made on first use; it can be posted to worker threads. */
export function kernelModule(): object {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL_WASM), (char) => char.charCodeAt(0)));
  return compiled;
}

/** Functions of the kernel over a memory that may belong to another thread's kernel. */
export function instantiateKernel(module: object, memory: SharedMemory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as KernelExports; // the interface lists what assembly/index.as exports
}

/** One instance of the compiled kernel with its memory, given out piece by piece and taken back all at once. */
export class Kernel {
  readonly memory: SharedMemory;
  readonly run: KernelExports;
  private next = FIRST_ADDRESS;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX, shared: true });
    this.run = instantiateKernel(kernelModule(), this.memory);
  }

  /**
   * Room for `bytes` at a multiple of 64, with 64 bytes to spare behind it, not cleared.
   *
   * @throws LearningError `invalid-dataset` beyond 4 GiB
   */
  allocate(bytes: number): number {
    const address = this.next;
    const end = Math.ceil((address + bytes + 64) / 64) * 64;
    const missingPages = Math.ceil((end - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (missingPages > 0) {
      if (end > PAGES_MAX * PAGE_BYTES) {
        throw new LearningError('invalid-dataset', 'A training holds at most 4 GiB of its rows; train on fewer.');
      }
      this.memory.grow(missingPages);
    }
    this.next = end;
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  ints(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  /** Bytes given out since the kernel was made or taken up again. */
  get usedBytes(): number {
    return this.next;
  }

  /** Takes back what was given out at an address and all that was given out after it. */
  release(address: number): void {
    this.next = address;
  }

  reset(): void {
    this.release(FIRST_ADDRESS);
  }
}

const idle: Kernel[] = [];

/** The last large kernel, as long as its memory is not given back: making another one beside it would need twice as much. */
let dropped: WeakRef<Kernel> | null = null;

function takeKernel(): Kernel {
  const large = dropped?.deref();
  dropped = null;
  return large ?? idle.pop() ?? new Kernel();
}

/**
 * Runs `work` with a kernel of its own. Small kernels are kept for the next call: a cross-validation trains hundreds of small models,
 * and making a memory costs more than the smallest of them. One that helpers know is not: the last of them may still look at it.
 */
export function withKernel<T>(sharing: 'alone' | 'with helpers', work: (kernel: Kernel) => T): T {
  const kernel = takeKernel();
  if (sharing === 'with helpers') return work(kernel);
  try {
    return work(kernel);
  } finally {
    kernel.reset();
    if (kernel.memory.buffer.byteLength > KEPT_BYTES_MAX) dropped = new WeakRef(kernel);
    else if (idle.length < 2) idle.push(kernel);
  }
}
