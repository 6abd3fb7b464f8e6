import { z } from 'zod';
import { wire } from '../wire.js';

/** Names that end up in URLs, metric labels and file names: short, no surprises. What is served has such a name. */
export const ModelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'letters, digits, dots, dashes and underscores, at most 128, beginning with a letter or a digit',
  );
/** Names that the registry keeps models under: all that MLflow's clients may give. */
export const RegisteredModelName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^/:\p{Cc}\p{Bidi_Control}]+$/u, 'no slashes, colons and invisible characters');
/** Versions of a model count 1, 2, 3 … and are never reused. */
export const VersionNumber = z.int().min(1).max(1_000_000);
/** In a path or query a number arrives as text. */
export const VersionParam = z.coerce.number().pipe(VersionNumber);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
export const Timestamp = z.iso.datetime();
export const Id = z.uuid();
export const Comment = z.string().trim().min(1).max(2_000);
export const Reason = z.string().trim().max(2_000);
/** A probability, a share. */
export const Share = z.number().min(0).max(1);

/** What a model is fed: a number, a category's code or text, or null for "not measured". */
export const FeatureValue = z.union([z.number(), z.string().max(1_000), z.boolean(), z.null()]);
export const Features = z.record(z.string().max(200), FeatureValue);
export type Features = z.output<typeof Features>;

export const PageQuery = {
  limit: z.coerce.number().pipe(z.int().min(1).max(1_000)).default(50),
  cursor: z.string().max(500).optional(),
};

/** For lists that are only paged. */
export const Paging = wire(PageQuery);

/** A page of a list: `next_cursor` is null on the last page. */
export const page = <S extends z.ZodType>(item: S) => wire({ items: z.array(item), nextCursor: z.string().nullable() });

/** Who acts: a person's or a program's key, or a service on its own account (`agent`, `scheduler`). */
export const Actor = z.object({
  id: z.string().max(100),
  name: z.string().max(100),
  roles: z.array(z.string().max(40)),
});
export type Actor = z.infer<typeof Actor>;

export const Empty = z.strictObject({});
