import { ROWS_WASM } from './rows-wasm.js';

/** What this file uses of WebAssembly; neither Node's types nor TypeScript's library without a browser declare it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }; // every runtime we support has it

/** What `assembly/text/index.as` exports; addresses are byte offsets. */
interface RowFunctions {
  addRows(weights: number, offsets: number, values: number, count: number, sums: number, rowBytes: number): void;
  moveRows(weights: number, offsets: number, values: number, count: number, moves: number, rowBytes: number): void;
}

const PAGE_BYTES = 65_536;
const VECTOR_BYTES = 16;
/** Bytes at the start that hold nothing, so that no address is 0. */
const RESERVED_BYTES = 64;

let compiled: object | null = null;

function roundUp(bytes: number): number {
  return Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES;
}

/**
 * A matrix of float32 weights, one row for each feature and one column for each class, with the two operations that a fit
 * spends its time on in WebAssembly SIMD. Float32: weights are read far more than they are computed with.
 */
export class WeightRows {
  /** Row by row; a row is `stride` long, of which the first `classCount` count. */
  readonly weights: Float32Array;
  readonly stride: number;
  /** Byte offsets of the rows and factors of the text in hand; see {@link load}. */
  private readonly offsets: Uint32Array;
  private readonly factors: Float32Array;
  /** Result of {@link sum}. */
  readonly sums: Float32Array;
  /** What {@link move} adds; all zeros else. */
  readonly moves: Float32Array;
  private readonly rowBytes: number;
  private readonly functions: RowFunctions;

  /** @param featuresMax most features of a text */
  constructor(
    rowCount: number,
    readonly classCount: number,
    featuresMax: number,
  ) {
    this.rowBytes = roundUp(4 * classCount);
    this.stride = this.rowBytes / 4;
    const listBytes = roundUp(4 * featuresMax);
    const bytes = RESERVED_BYTES + 2 * listBytes + 2 * this.rowBytes + rowCount * this.rowBytes;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    let at = RESERVED_BYTES;
    const take = (size: number): number => {
      at += size;
      return at - size;
    };
    this.offsets = new Uint32Array(memory.buffer, take(listBytes), featuresMax);
    this.factors = new Float32Array(memory.buffer, take(listBytes), featuresMax);
    this.sums = new Float32Array(memory.buffer, take(this.rowBytes), classCount);
    this.moves = new Float32Array(memory.buffer, take(this.rowBytes), classCount);
    this.weights = new Float32Array(memory.buffer, at, rowCount * this.stride);
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(ROWS_WASM), (char) => char.charCodeAt(0)));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.functions = exports as RowFunctions; // the interface lists what the module exports
  }

  /** Sets the i-th feature of the text in hand: its row and what it is worth. */
  load(i: number, row: number, factor: number): void {
    this.offsets[i] = row * this.rowBytes;
    this.factors[i] = factor;
  }

  /** Writes to `sums` the sum over the first `count` loaded features of factor * row. */
  sum(count: number): void {
    const { weights, offsets, factors, sums } = this;
    this.functions.addRows(
      weights.byteOffset,
      offsets.byteOffset,
      factors.byteOffset,
      count,
      sums.byteOffset,
      this.rowBytes,
    );
  }

  /** Adds factor * `moves` to the rows of the first `count` loaded features. */
  move(count: number): void {
    const { weights, offsets, factors, moves } = this;
    this.functions.moveRows(
      weights.byteOffset,
      offsets.byteOffset,
      factors.byteOffset,
      count,
      moves.byteOffset,
      this.rowBytes,
    );
  }

  /** Adds factor * `step` to one class's weight of the first `count` loaded features. */
  moveClass(count: number, k: number, step: number): void {
    const { weights, offsets, factors } = this;
    for (let i = 0; i < count; i++) weights[offsets[i]! / 4 + k]! += factors[i]! * step;
  }

  /** Sets all weights to 0. */
  clear(): void {
    this.weights.fill(0);
  }
}
