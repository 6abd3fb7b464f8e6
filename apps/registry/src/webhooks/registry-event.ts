/**
 * What webhooks are told of, by MLflow's names, with the `data` that its clients know (mlflow/webhooks/types.py). MLflow's other events are
 * about prompts and budgets, which are not kept here.
 */
export interface RegistryEvents {
  'registered_model.created': NamedModel & { readonly tags: Tags; readonly description: string };
  'model_version.created': NamedVersion & {
    readonly source: string;
    readonly run_id: string | null;
    readonly tags: Tags;
    readonly description: string | null;
  };
  'model_version_tag.set': NamedVersion & { readonly key: string; readonly value: string };
  'model_version_tag.deleted': NamedVersion & { readonly key: string };
  /** Also when the alias pointed at another version before. */
  'model_version_alias.created': NamedVersion & { readonly alias: string };
  'model_version_alias.deleted': NamedModel & { readonly alias: string };
}
export type RegistryEvent = keyof RegistryEvents;

type Tags = Readonly<Record<string, string>>;

interface NamedModel {
  readonly name: string;
}

interface NamedVersion extends NamedModel {
  /** Decimal, as MLflow sends it. */
  readonly version: string;
}

/** Every event, with an example of its data for a test call. */
export const EVENT_EXAMPLES: { readonly [E in RegistryEvent]: RegistryEvents[E] } = {
  'registered_model.created': {
    name: 'example_model',
    tags: { example_key: 'example_value' },
    description: 'An example registered model',
  },
  'model_version.created': {
    name: 'example_model',
    version: '1',
    source: 'models:/123',
    run_id: 'abcd1234abcd5678',
    tags: { example_key: 'example_value' },
    description: 'An example model version',
  },
  'model_version_tag.set': { name: 'example_model', version: '1', key: 'example_key', value: 'example_value' },
  'model_version_tag.deleted': { name: 'example_model', version: '1', key: 'example_key' },
  'model_version_alias.created': { name: 'example_model', alias: 'example_alias', version: '1' },
  'model_version_alias.deleted': { name: 'example_model', alias: 'example_alias' },
};

export const isRegistryEvent = (name: string): name is RegistryEvent => Object.hasOwn(EVENT_EXAMPLES, name);

/** The JSON that a receiver gets, in MLflow's form. */
export function encodeEvent<E extends RegistryEvent>(event: E, data: RegistryEvents[E], at: Date): string {
  const [entity, action] = event.split('.');
  return JSON.stringify({ entity, action, timestamp: at.toISOString(), data });
}
