import type { TeamStart, ThreadTeam } from '../parallel/thread-team.js';
import { type Kernel, kernelModule } from '../wasm/kernel.js';
import {
  BLOCK_ROWS,
  CONTROL_BYTES,
  NODE_BYTES,
  NODE_RECORDS_AT,
  PART_BYTES,
  RECORD_BYTES,
  SCRATCH_BYTES,
  SLOT_BYTES,
} from '../wasm/layout.js';
import type { BoostingMatrix } from './boosting-matrix.js';
import { allocateHistogram } from './histogram-pool.js';

/** Below this many additions a node is done sooner than helpers are told of it. */
const SHARED_WORK_MIN = 10_000;
/**
 * How often to look at a part in a helper's hands before doing it again: a look is about a nanosecond, and a helper gets about twice the time
 * that the part takes.
 */
const LOOKS_PER_ADDITION = 1.2;
const LOOKS_PER_ROW = 3;
const LOOKS_PER_PAIR = 4;
const LOOKS_PER_LOSS = 15;
const LOOKS_MIN = 1000;

/** The caller's side of a team: tells helpers where their memory is, and shares the work on large nodes with them. */
export class TeamLead {
  private readonly control: number;
  private readonly slotCount: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly matrix: BoostingMatrix,
    team: ThreadTeam,
    set: Pick<TeamStart, 'limits' | 'categoryLimits'>,
  ) {
    const parts = Math.max(matrix.groupCount, Math.ceil(matrix.rowCount / BLOCK_ROWS));
    const controlBytes = CONTROL_BYTES + PART_BYTES * parts;
    this.control = kernel.allocate(controlBytes);
    kernel.bytes(this.control, controlBytes).fill(0);
    this.slotCount = matrix.groupBytes.reduce((sum, bytes) => sum + bytes, 0) / SLOT_BYTES;
    const { memory } = kernel;
    team.begin(
      Array.from({ length: team.helperCount }, () => {
        const [scratch, ...own] = this.allocateOwn();
        const [columns, groups, features, activeFeatures, activeColumns] = matrix.tables;
        const tables = [columns, groups, features, activeFeatures, activeColumns, scratch] as const;
        return { module: kernelModule(), memory, control: this.control, tables, own, ...set };
      }),
    );
  }

  /** Arguments as those of `evaluateGroups`; the result is the same to the last bit. */
  evaluate(...[from, to, rows, pairs, count, ...targets]: Parameters<Kernel['run']['evaluateGroups']>): void {
    const { run } = this.kernel;
    const perGroup = 4 * (count + this.slotCount / this.matrix.groupCount);
    if (perGroup * (to - from) < SHARED_WORK_MIN) run.evaluateGroups(from, to, rows, pairs, count, ...targets);
    else {
      const patience = LOOKS_MIN + LOOKS_PER_ADDITION * perGroup;
      run.evaluateWithTeam(this.control, patience, from, to, rows, pairs, count, ...targets);
    }
  }

  /** Arguments as those of `logisticPairs`. */
  logisticPairs(...job: Parameters<Kernel['run']['logisticPairs']>): void {
    const { run } = this.kernel;
    if (this.matrix.rowCount < 2 * BLOCK_ROWS) run.logisticPairs(...job);
    else run.logisticPairsWithTeam(this.control, LOOKS_PER_LOSS * BLOCK_ROWS, ...job);
  }

  /** Arguments as those of `gatherPairs`. */
  gatherPairs(...[rows, count, ...targets]: Parameters<Kernel['run']['gatherPairs']>): void {
    const { run } = this.kernel;
    if (count < 2 * BLOCK_ROWS) run.gatherPairs(rows, count, ...targets);
    else run.gatherPairsWithTeam(this.control, LOOKS_PER_PAIR * BLOCK_ROWS, rows, count, ...targets);
  }

  /** Arguments and result as those of `partition`. */
  partition(...[rows, count, ...targets]: Parameters<Kernel['run']['partition']>): number {
    const { run } = this.kernel;
    if (count < 2 * BLOCK_ROWS) return run.partition(rows, count, ...targets);
    return run.partitionWithTeam(this.control, LOOKS_PER_ROW * BLOCK_ROWS, rows, count, ...targets);
  }

  /** Sends the helpers home; to be called whether the training succeeds or not. */
  end(): void {
    this.kernel.run.endTeam(this.control);
  }

  private allocateOwn(): [number, number, number, number, number, number] {
    const { kernel, matrix } = this;
    const node = (): number => {
      const address = kernel.allocate(NODE_BYTES);
      const records = kernel.allocate(RECORD_BYTES * matrix.entries.length);
      kernel.ints(address + NODE_RECORDS_AT, 1)[0] = records;
      return address;
    };
    const histogram = (): number => allocateHistogram(kernel, matrix);
    const pairs = kernel.allocate(8 * BLOCK_ROWS + 16);
    return [kernel.allocate(SCRATCH_BYTES), histogram(), histogram(), node(), node(), pairs];
  }
}
