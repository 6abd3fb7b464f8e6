import { createHash } from 'node:crypto';
import { encodeWire, type TrafficChanges, TrafficDocument } from '@gimbal/contracts';
import type { PublicKey } from '@gimbal/platform';

/** A document, and by what it is told apart from others. */
export interface TrafficState {
  readonly document: TrafficDocument;
  readonly fingerprints: Fingerprints;
}

/** Of what is said about each model, by its name: two that differ say different things. */
export type Fingerprints = ReadonlyMap<string, string>;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The revision is made of the content, so that it also differs between databases: a restored backup is not mistaken for what a cache holds. */
export function stateOf(models: TrafficDocument['models'], manifestKeys: readonly PublicKey[]): TrafficState {
  const { models: encoded } = encodeWire(TrafficDocument, { revision: '', models });
  const fingerprints = new Map(encoded.map((model) => [model.model_name, digest(JSON.stringify(model))]));
  const revision = digest([...fingerprints, ...manifestKeys.map(({ kid }) => kid)].join('\n'));
  return { document: { revision, models, manifestKeys: [...manifestKeys] }, fingerprints };
}

/** What a caller has to be told who has the former document. */
export function changesSince(
  former: { readonly revision: string; readonly fingerprints: Fingerprints },
  { document, fingerprints }: TrafficState,
): TrafficChanges {
  return {
    since: former.revision,
    revision: document.revision,
    models: document.models.filter(
      ({ modelName }) => former.fingerprints.get(modelName) !== fingerprints.get(modelName),
    ),
    ...(document.manifestKeys && { manifestKeys: document.manifestKeys }),
    removed: [...former.fingerprints.keys()].filter((name) => !fingerprints.has(name)),
  };
}
