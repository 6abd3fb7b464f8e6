/** Features in which Gimbal does not do as MLflow's own server does, with the reason. Everything else must be equal. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'artifacts: the size of an empty file': 'MLflow leaves the size of an empty file out; Gimbal says 0.',
  'experiments: a name that is taken, for a rename':
    'MLflow answers `BAD_REQUEST` with the SQL that failed; Gimbal says `RESOURCE_ALREADY_EXISTS`, as for a new experiment.',
  'language models: traces':
    'Not supported: traces of language model applications are not what Gimbal keeps level; the client is told `ENDPOINT_NOT_FOUND`.',
  'language models: evaluation datasets': 'Not supported, for the same reason.',
  'logged models: a filter that makes no sense':
    'MLflow answers `INTERNAL_ERROR` with status 500; Gimbal says `INVALID_PARAMETER_VALUE`, as everywhere else.',
};
