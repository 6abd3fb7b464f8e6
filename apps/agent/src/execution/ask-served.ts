import type { Condition } from '@gimbal/domain';
import type { RegistryClient } from '../clients/registry.client.js';
import type { ServingClient } from '../clients/serving.client.js';

/** Asks both sides which version is live: the registry that decides it, and serving that answers with it. */
export async function askServed(
  { registry, serving }: { readonly registry: RegistryClient; readonly serving: ServingClient },
  modelName: string,
  version: number,
): Promise<Condition[]> {
  const [{ liveVersion }, served] = await Promise.all([registry.model(modelName), serving.models()]);
  const answering = served.find((model) => model.modelName === modelName) ?? null;
  const isServed = answering?.liveVersion === version && answering.loadedVersions.includes(version);
  return [
    {
      code: 'live-in-registry',
      holds: liveVersion === version,
      measured: liveVersion,
      limit: version,
      message: `The registry says that ${liveVersion === null ? 'no version' : `version ${liveVersion}`} is live.`,
    },
    {
      code: 'served',
      holds: isServed,
      measured: answering?.liveVersion ?? null,
      limit: version,
      message: `Serving answers with ${answering?.liveVersion ? `version ${answering.liveVersion}` : 'no version'}.`,
    },
  ];
}
