import { MLFLOW_ROUTES, type MlflowHandlers, type MlflowRouteName } from '@gimbal/contracts';

/** The handlers of all features as one, at the start. @throws Error when a route has none, or two */
export function joinHandlers(...features: readonly { readonly handlers: object }[]): MlflowHandlers<MlflowRouteName> {
  const joined: Record<string, unknown> = {};
  for (const { handlers } of features) {
    for (const [name, handler] of Object.entries(handlers)) {
      if (name in joined) throw new Error(`Two features answer MLflow's route ${name}.`);
      joined[name] = handler;
    }
  }
  const missing = Object.keys(MLFLOW_ROUTES).filter((name) => !(name in joined));
  if (missing.length > 0) throw new Error(`No feature answers MLflow's routes ${missing.join(', ')}.`);
  return joined as MlflowHandlers<MlflowRouteName>; // each feature's handlers are typed as those of its routes
}
