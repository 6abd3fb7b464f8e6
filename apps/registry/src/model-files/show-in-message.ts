import type { OnnxValue } from './read-onnx-header.js';

/** A name from a foreign file, fit for a message. */
export const shownName = (name: string): string => name.replace(/[^\w./:-]/g, '?').slice(0, 60) || '(unnamed)';

/** Names from a foreign file, fit for a message. */
export const shownNames = (values: readonly { readonly name: string }[]): string =>
  values
    .map(({ name }) => shownName(name))
    .slice(0, 20)
    .join(', ') || 'none';

export const shownShape = ({ shape }: Pick<OnnxValue, 'shape'>): string =>
  `[${(shape ?? []).map((size) => size ?? '?').join(', ')}]`;
