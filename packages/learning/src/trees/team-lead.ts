import type { TeamStart, ThreadTeam } from '../parallel/thread-team.js';
import { type Kernel, kernelModule } from '../wasm/kernel.js';
import { BLOCK_ROWS, CONTROL_BYTES, NODE_BYTES, NODE_RECORDS_AT, RECORD_BYTES, SCRATCH_BYTES } from '../wasm/layout.js';
import type { BoostingMatrix } from './boosting-matrix.js';

/** Below this many additions a node is done sooner than helpers are told of it. */
const SHARED_WORK_MIN = 60_000;

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
    const controlBytes = CONTROL_BYTES + 4 * parts;
    this.control = kernel.allocate(controlBytes);
    kernel.bytes(this.control, controlBytes).fill(0);
    this.slotCount = matrix.histogramBytes / 16;
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
    const perGroup = 4 * count + 4 * (this.slotCount / this.matrix.groupCount);
    if (perGroup * (to - from) < SHARED_WORK_MIN) run.evaluateGroups(from, to, rows, pairs, count, ...targets);
    // A look takes about as long as the addition of three rows.
    else run.evaluateWithTeam(this.control, 1000 + perGroup / 3, from, to, rows, pairs, count, ...targets);
  }

  /** Arguments as those of `logisticPairs`. */
  logisticPairs(...job: Parameters<Kernel['run']['logisticPairs']>): void {
    const { run } = this.kernel;
    if (this.matrix.rowCount < 2 * BLOCK_ROWS) run.logisticPairs(...job);
    else run.logisticPairsWithTeam(this.control, 2 * BLOCK_ROWS, ...job);
  }

  /** Sends the helpers home; to be called whether the training succeeds or not. */
  end(): void {
    this.kernel.run.endTeam(this.control);
  }

  private allocateOwn(): [number, number, number, number, number] {
    const { kernel, matrix } = this;
    const node = (): number => {
      const address = kernel.allocate(NODE_BYTES);
      const records = kernel.allocate(RECORD_BYTES * matrix.featureCount);
      kernel.ints(address + NODE_RECORDS_AT, 1)[0] = records;
      return address;
    };
    const histogram = (): number => kernel.allocate(Math.max(matrix.histogramBytes, 8 * BLOCK_ROWS));
    return [kernel.allocate(SCRATCH_BYTES), histogram(), histogram(), node(), node()];
  }
}
