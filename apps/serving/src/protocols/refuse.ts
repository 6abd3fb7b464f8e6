import { InvalidInputError } from '@gimbal/platform';

/** @throws InvalidInputError */
export function refuse(path: string, message: string): never {
  throw new InvalidInputError([{ path, message }]);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
