/** Why an experiment's call was not done; `docs/guides/experiments.md` explains each. */
export type ExperimentErrorCode =
  | 'invalid-options'
  | 'invalid-value'
  | 'no-registry'
  | 'no-active-run'
  | 'active-run'
  | 'run-ended'
  | 'param-changed'
  | 'conflict'
  | 'no-storage'
  | 'buffer-full'
  | 'buffer-corrupt';

/** The caller asked for what cannot be done, or the offline buffer cannot take more. What the gateway refuses is a `GimbalError`. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';

  constructor(
    readonly code: ExperimentErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
  }
}
