import { instantiateKernel, type SharedMemory } from '../wasm/kernel.js';

/** What a helper needs to take part in one training; survives being posted to a worker thread. */
export interface TeamStart {
  /** The compiled kernel and the memory that all members share. */
  readonly module: object;
  readonly memory: SharedMemory;
  /** Arguments of the kernel's set-up, the scratch memory being the helper's own. */
  readonly tables: readonly [number, number, number, number, number, number];
  readonly limits: readonly [number, number, number, number, number, number, number];
  readonly categoryLimits: readonly [number, number, number, number, number, number];
  readonly control: number;
  /** Memory of this helper alone: two histograms, two nodes and a block of gradients. */
  readonly own: readonly [number, number, number, number, number];
}

/**
 * Threads that may help within one training. The kernel starts no threads itself: whoever runs it brings them, each of which calls
 * {@link runTeamMember} with the start that it is handed.
 */
export interface ThreadTeam {
  /** Threads beside the one that trains, >= 0. One thread per core, together, is the most that makes sense. */
  readonly helperCount: number;
  /** Hands each helper its start. They need not begin at once: a training waits for nobody. */
  begin(starts: readonly TeamStart[]): void;
}

/** Helps with a training until it is over. Blocks the thread it runs on; between nodes it sleeps. */
export function runTeamMember({ module, memory, tables, limits, categoryLimits, control, own }: TeamStart): void {
  const kernel = instantiateKernel(module, memory);
  kernel.setTables(...tables);
  kernel.setLimits(...limits);
  kernel.setCategoryLimits(...categoryLimits);
  kernel.helpTeam(control, ...own);
}
