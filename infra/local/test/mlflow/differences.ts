/** Features in which Gimbal does not do as MLflow's own server does, with the reason. Everything else must be equal. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'language models: traces':
    'Not supported: traces of language model applications are not what Gimbal keeps level; the client is told `NOT_IMPLEMENTED`.',
  'language models: evaluation datasets': 'Not supported, for the same reason.',
  'logged models: a filter that makes no sense':
    'MLflow answers `INTERNAL_ERROR` with status 500; Gimbal says `INVALID_PARAMETER_VALUE`, as everywhere else.',
};
