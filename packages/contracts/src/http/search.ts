import { z } from 'zod';

const ENTRIES_MAX = 50;
const isSmall = (value: object): boolean => Object.keys(value).length > 0 && Object.keys(value).length <= ENTRIES_MAX;
const SIZE = `1 to ${ENTRIES_MAX} entries`;

/** Values a hyperparameter may take: a range, by order of magnitude with `log` and of whole numbers with `integer`; or a list. */
export const SearchDimension = z.union([
  z.strictObject({ low: z.number(), high: z.number(), log: z.boolean().optional(), integer: z.boolean().optional() }),
  z.strictObject({
    choices: z
      .array(z.union([z.number(), z.string().max(100), z.boolean()]))
      .min(1)
      .max(100),
  }),
]);

/**
 * A search for better hyperparameters, as `model_config.yml`, `POST /retrain` and `gimbal train --search` write it (no name in it has two
 * words, so that files, wire and code agree). For each family that `spaces` names, `trials` settings are tried: drawn by chance
 * (`random`), by chance with few resources at first of which the better third goes on (`halving`), or where scores so far were good
 * (`tpe`). `minutes` bounds the time of all families together; a search that it ends is not repeatable to the last bit.
 */
export const Search = z.strictObject({
  method: z.enum(['random', 'halving', 'tpe']),
  /** Settings for each family; with `halving` those of the first round. */
  trials: z.int().min(1).max(500),
  minutes: z.number().positive().max(1_440).optional(),
  /** What a halving begins with few of: rows to learn from (default) or trees. */
  resource: z.enum(['rows', 'n_estimators']).optional(),
  /** By family and hyperparameter. */
  spaces: z
    .record(z.string().max(60), z.record(z.string().max(60), SearchDimension).refine(isSmall, SIZE))
    .refine(isSmall, SIZE),
});
export type Search = z.output<typeof Search>;
