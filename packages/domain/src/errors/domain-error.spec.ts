import { expect, it } from '@jest/globals';
import { DomainError, isDomainError } from './domain-error.js';

it('carries its code, its detail and its cause', () => {
  const cause = new Error('disk');
  const error = new DomainError('storage-full', 'No space is left.', { cause });
  expect(error).toMatchObject({
    code: 'storage-full',
    detail: 'No space is left.',
    message: 'storage-full: No space is left.',
    cause,
  });
});

it('is told from other errors, and from other codes', () => {
  const error: unknown = new DomainError('storage-full', 'No space is left.');
  expect(isDomainError(error)).toBe(true);
  expect(isDomainError(error, 'storage-full')).toBe(true);
  expect(isDomainError(error, 'not-ready')).toBe(false);
  expect(isDomainError(new Error('storage-full'))).toBe(false);
});
