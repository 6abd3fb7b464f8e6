import { setFlagsFromString } from 'node:v8';

/**
 * For processes through which bodies pass; call it first. V8 counts their buffers as old memory until its next small collection, and it gives a process that
 * allocates little else so little room that a few megabytes of them are a full collection (`docs/decisions/0027*`). With this the old
 * memory may double between two of them. V8 reads the flag whenever it has collected, so it may be set while the process runs.
 */
export const letHeapGrow = (): void => setFlagsFromString('--heap-growing-percent=100');
