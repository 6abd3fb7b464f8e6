import { z } from 'zod';

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** `https://dashboard.example, http://localhost:5173`: origins as a browser sends them, no paths, no wildcards. */
export function originsText() {
  return z
    .string()
    .max(10_000)
    .default('')
    .transform(
      (text) =>
        new Set(
          text
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean),
        ) as ReadonlySet<string>,
    )
    .refine((origins) => [...origins].every(isOrigin), {
      error: 'must be origins such as https://dashboard.example, comma-separated, without a path',
    });
}
