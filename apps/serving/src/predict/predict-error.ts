import type { ErrorCode } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';

/** The version is out of service for a while. */
export class CircuitOpenError extends DomainError<'circuit-open'> {
  constructor(retryAfterSeconds: number) {
    super('circuit-open', 'This version of the model failed repeatedly and is left alone for a while.', {
      retryAfterSeconds,
    });
  }
}

const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  overloaded: 1,
  'service-unavailable': 1,
  'no-model-available': 2,
  'storage-full': 5,
  'storage-failed': 5,
};

/** When another try makes sense; 0 when it does not. */
export function retryAfterSeconds(error: unknown): number {
  if (!(error instanceof DomainError)) return 0;
  if (error.retryAfterSeconds > 0) return error.retryAfterSeconds;
  return (RETRY_AFTER_SECONDS as Readonly<Record<string, number | undefined>>)[error.code] ?? 0;
}
