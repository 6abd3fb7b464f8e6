import type { MIRROR_KINDS } from '@gimbal/contracts';

/** What is mirrored. */
export type MirrorKind = (typeof MIRROR_KINDS)[number];

/** Named texts: a name, a stage, `tag:owner`. A field that is not there is not set. */
export type Fields = Readonly<Record<string, string>>;

/** What the server was told of one entity. */
export interface Told {
  readonly fields: Fields;
  /** Digest by path. */
  readonly files: Fields;
}

/** One entity of ours. */
export interface Reference {
  readonly kind: MirrorKind;
  readonly entityId: string;
}

/** One entity that waits to be told. */
export interface Task extends Reference {
  readonly mlflowId: string | null;
  readonly told: Told | null;
  readonly telling: Told | null;
  readonly metricsBefore: bigint | null;
  readonly attempts: number;
}

/** How an entity stands after it was told; `problems` are sentences about what is not there and why, also where that is how it has to be. */
export interface Outcome {
  readonly state: 'synced' | 'failed' | 'conflict' | 'gone';
  readonly told: Told;
  readonly problems: readonly string[];
}

/** Both sides of one entity; `theirs` is null when it is not there. */
export interface Look {
  readonly name: string;
  readonly ours: Fields;
  readonly theirs: Fields | null;
}

/** Where what was told is noted while it is told, so that a crash leaves no doubt about whose a value there is. */
export interface Ledger {
  noteId(mlflowId: string): Promise<void>;
  noteTelling(telling: Told): Promise<void>;
  noteMetrics(before: bigint): Promise<void>;
}

export const NOTHING_TOLD: Told = { fields: {}, files: {} };

/** Something it refers to is not there yet: it is told after `target`, or, where there is no one thing to wait for, later. */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor(
    message: string,
    readonly target?: Reference,
  ) {
    super(message);
  }
}

/** Somebody else owns there what would be written: nothing is. */
export class Clash extends Error {
  override readonly name = 'Clash';
}
