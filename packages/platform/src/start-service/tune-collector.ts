import { setFlagsFromString } from 'node:v8';

/**
 * For processes through which bodies pass; call it first. V8 reads both flags whenever it collects, so they may be set while the process runs. Why, and
 * what each gains: `docs/decisions/0027*`.
 */
export function tuneCollector(): void {
  // Old memory, as which the memory of bodies is counted, may double between two full collections.
  setFlagsFromString('--heap-growing-percent=100');
  // Young objects are collected by the thread that made them: few survive, and calling helpers costs more than they do.
  setFlagsFromString('--no-parallel-scavenge');
}
