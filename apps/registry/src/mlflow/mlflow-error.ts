import type { MlflowErrorCode } from '@gimbal/contracts';

/** A refusal in MLflow's own words, which its clients compare. Everything else is thrown as a `DomainError`. */
export class MlflowError extends Error {
  readonly errorCode: MlflowErrorCode;

  constructor(errorCode: MlflowErrorCode, message: string) {
    super(message);
    this.name = 'MlflowError';
    this.errorCode = errorCode;
  }
}

/** What was sent is not allowed. */
export const invalidParameter = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** What was asked for is not there. */
export const notThere = (message: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', message);
