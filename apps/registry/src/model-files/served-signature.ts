import type { ModelSignature } from '@gimbal/contracts';

/** What a signature says about the tensors of a file. */
export interface ServedSignature extends Pick<ModelSignature, 'task'> {
  /** Names of the classes by index; absent when the answer is no class, or 0 and 1. */
  readonly classes?: readonly string[] | undefined;
  readonly inputs: readonly Pick<ModelSignature['inputs'][number], 'categories'>[];
}
