import type { MlflowHandlers, MlflowRouteName } from '@gimbal/contracts';

/** The handlers of all features as one. @throws Error when two answer one route */
export function joinHandlers(
  ...features: readonly { readonly handlers: object }[]
): Partial<MlflowHandlers<MlflowRouteName>> {
  const joined: Record<string, unknown> = {};
  for (const { handlers } of features) {
    for (const [name, handler] of Object.entries(handlers)) {
      if (name in joined) throw new Error(`Two features answer MLflow's route ${name}.`);
      joined[name] = handler;
    }
  }
  return joined; // each feature's handlers are typed as those of its routes
}
