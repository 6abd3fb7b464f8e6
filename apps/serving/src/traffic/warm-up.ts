import type { ModelKeeper } from './model-keeper.js';
import type { ModelMemory } from './model-memory.js';
import { type ServedModel, type ServedModels, versionsOf } from './served-models.js';

export interface WarmUpOptions {
  readonly models: ServedModels;
  readonly keeper: Pick<ModelKeeper, 'warmUp'>;
  readonly memory: Pick<ModelMemory, 'isFull'>;
  /** When files were last used, by digest. */
  readonly timesOfUse: () => Promise<ReadonlyMap<string, number>>;
  /** Loaded before all others. */
  readonly defaultModel: string;
  /** Most models that are loaded. */
  readonly modelsMax: number;
}

/** A model file that can't be had or opened holds up the start for no longer (ms); its loading goes on. */
const WARM_UP_MS_MAX = 5_000;

/** Loads, at the start, the default model and those that were used last, as many as there is memory for. */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WARM_UP_MS_MAX);
  });
  await Promise.race([loadInTurn(options), late]);
  clearTimeout(timer);
}

async function loadInTurn({ models, keeper, memory, timesOfUse, defaultModel, modelsMax }: WarmUpOptions) {
  const times = await timesOfUse();
  const lastUse = (model: ServedModel): number =>
    Math.max(0, ...versionsOf(model).map(({ planned }) => times.get(planned.artifactDigest) ?? 0));
  const order = Array.from(models.all, (model) => ({
    name: model.name,
    rank: model.name === defaultModel ? Number.POSITIVE_INFINITY : lastUse(model),
  })).sort((one, other) => other.rank - one.rank);
  for (const { name } of order.slice(0, modelsMax)) {
    if (memory.isFull) return;
    await keeper.warmUp(name);
  }
}
