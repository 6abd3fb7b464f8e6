import type { CategoryTerm } from '../model.js';

/** Whether the indicator of a category term is 1 for a value. */
export function hasCode({ code, imputed }: CategoryTerm, value: number): boolean {
  return value === code || (code === imputed && Number.isNaN(value));
}
