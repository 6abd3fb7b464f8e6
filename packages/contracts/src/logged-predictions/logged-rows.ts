import { z } from 'zod';
import { Id, ModelName, VersionNumber } from '../http/fields.js';
import type { PredictionWarning } from '../http/prediction.js';

/** What a prediction row shares with all others of its version at one threshold. */
export const LogDefinition = z.object({
  modelVersionId: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  threshold: z.number(),
  /** In the order of the values, with the warning of each kind that the input may give. */
  inputs: z
    .array(
      z.object({
        name: z.string().max(200),
        outside: z.string(),
        missing: z.string(),
        /** What code i of the values stands for; absent when the values are the numbers that were sent. */
        categories: z.array(z.string()).readonly().optional(),
      }),
    )
    .readonly(),
});
export type LogDefinition = Readonly<z.output<typeof LogDefinition>>;

type WarningCode = z.output<typeof PredictionWarning>['code'];
/** By their place a record names them: only ever add behind the last. */
export const WARNING_CODES: readonly WarningCode[] = ['outside-training-range', 'missing', 'unseen-category'];

/** `input` is the position in the signature. */
export interface RowWarning {
  readonly input: number;
  readonly code: WarningCode;
}

/** A text that was sent and that `values` can't hold. `input` is the position in the signature. */
export interface RowText {
  readonly input: number;
  readonly text: string;
}

/** The answered rows of one request; lists row by row. */
export interface LoggedRows {
  readonly count: number;
  /** Of the first row; those of the others count on from it in their last 32 bits. */
  readonly firstId: string;
  readonly createdAtMs: number;
  readonly latencyMs: number;
  readonly requestId: string;
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly predictions: Float64Array;
  /** Of the positive class, of what was answered, or the score; NaN where there is none. */
  readonly probabilities: Float64Array;
  /** Equally many for each row, in the order of the definition's inputs, NaN = missing. */
  readonly values: Float64Array | Float32Array;
  readonly warnings: ReadonlyArray<readonly RowWarning[]>;
  /** Free text, and categories that the model does not know. */
  readonly texts: ReadonlyArray<readonly RowText[]>;
  /** Probability of every class by its index; empty where the answer is no class, or one of more than {@link CLASSES_LOGGED_MAX}. */
  readonly classes: Float32Array;
}

/** More classes than these are not logged one by one. */
export const CLASSES_LOGGED_MAX = 1_000;

/** One of them, as it is read again. */
export interface LoggedRow {
  readonly id: string;
  readonly createdAtMs: number;
  readonly prediction: number;
  readonly probability: number;
  readonly latencyMs: number;
  readonly requestId: string;
  readonly values: Float64Array;
  readonly warnings: readonly RowWarning[];
  readonly texts: readonly RowText[];
  readonly classes: Float32Array;
}

/** What a caller is told of a value. */
export function messageOf(
  code: WarningCode,
  { name, outside, missing }: { readonly name: string; readonly outside: string; readonly missing: string },
): string {
  if (code === 'missing') return missing;
  return code === 'unseen-category' ? `${name} has a value that training has not seen; it counts as missing` : outside;
}
