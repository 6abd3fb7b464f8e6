import { configGroup, integerText, setting } from '@gimbal/platform';

/** MLflow's REST on a port of its own, on the host of HTTP. */
export const mlflowConfig = configGroup('MLflow', {
  port: setting('MLFLOW_PORT', integerText(0, 65_535).default(0), {
    description:
      "A second port that speaks MLflow's REST only, for clients that expect a server of its own (MLflow's is 5000); 0 opens none. The main port speaks it in any case.",
  }),
});
