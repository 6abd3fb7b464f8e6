import { configGroup, integerText, setting, urlText } from '@gimbal/platform';

/** MLflow's REST on a port of its own, on the host of HTTP. */
export const mlflowConfig = configGroup('MLflow', {
  port: setting('MLFLOW_PORT', integerText(0, 65_535).default(0), {
    description:
      "A second port that speaks MLflow's REST only, for clients that expect a server of its own (MLflow's is 5000); 0 opens none. The main port speaks it in any case.",
  }),
  publicUrl: setting('PUBLIC_URL', urlText('http:', 'https:').optional(), {
    description:
      'Where clients reach this gateway, such as https://ml.example.org/gimbal, when that is not the host they name over http: behind a proxy. Parts of large files are sent there.',
  }),
});
