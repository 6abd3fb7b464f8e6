import type { Features } from '../http/fields.js';
import type { LogDefinition, RowText } from './logged-rows.js';

/** A row's values by the names of its features; null where one is missing. */
export function nameFeatures(
  { inputs }: Pick<LogDefinition, 'inputs'>,
  { values, texts }: { readonly values: ArrayLike<number>; readonly texts: readonly RowText[] },
): Features {
  const features: Features = {};
  inputs.forEach(({ name, categories }, index) => {
    const value = values[index];
    if (value === undefined || Number.isNaN(value)) features[name] = null;
    else features[name] = categories ? (categories[value] ?? null) : value;
  });
  for (const { input, text } of texts) {
    const name = inputs[input]?.name;
    if (name !== undefined) features[name] = text;
  }
  return features;
}

/** Canonical JSON (RFC 8785) of features: what the hash of an input is taken of. */
export function canonicalFeatures(features: Features): string {
  // By UTF-16 code units, as the RFC has it, which is how JavaScript compares texts.
  const names = Object.keys(features).sort((one, other) => (one < other ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(features[name])}`).join(',')}}`;
}
