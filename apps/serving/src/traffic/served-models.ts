import type { LogDefinition, TrafficDocument, TrafficPlan } from '@gimbal/contracts';
import type { Batcher } from '../inference/batcher.js';
import type { OpenedScorer } from '../inference/open-scorer.js';
import type { VersionStatistics } from '../inference/version-statistics.js';
import type { CircuitBreaker } from '../predict/circuit-breaker.js';
import type { RowReader } from '../predict/row-reader.js';

/** A version as the traffic plan describes it. */
export type PlannedVersion = TrafficDocument['models'][number]['versions'][number];

/** A graph in memory; one for each version, whatever its threshold. */
export interface ServedGraph {
  /** SHA-256 of the model file. */
  readonly digest: string;
  /** The model file, from the disk; from the registry only when the disk has lost it. */
  readonly readFile: () => Promise<Uint8Array>;
  readonly opened: OpenedScorer;
  readonly batcher: Batcher;
  readonly breaker: CircuitBreaker;
  readonly statistics: VersionStatistics;
}

/** A version that answers. Immutable: a new threshold makes a new one around the same graph. */
export interface ServedVersion {
  readonly modelName: string;
  readonly planned: PlannedVersion;
  readonly graph: ServedGraph;
  readonly reader: RowReader;
  readonly definition: LogDefinition;
  /** In float32, as the graph's own label compares. */
  readonly threshold: number;
}

/** One model at one moment. */
export interface ServedModel {
  readonly name: string;
  readonly plan: TrafficPlan;
  /** Versions that are loaded. */
  readonly versions: ReadonlyMap<number, ServedVersion>;
  /** Versions that the plan names and that could not be loaded, with the reason. */
  readonly refused: ReadonlyMap<number, string>;
  /** The version that was live before, held ready to answer while the live one can't; undefined when there is none. */
  readonly standby?: ServedVersion | undefined;
}

/**
 * What is served now. A request takes a model from here once and keeps it to its end, so a change in between never mixes two states; each
 * model changes in one step.
 */
export class ServedModels {
  private models: ReadonlyMap<string, ServedModel> = new Map();
  private learned = false;

  /** False until a first plan was applied, from the disk or from the registry: what is unknown until then may exist. */
  get isInformed(): boolean {
    return this.learned;
  }

  get all(): Iterable<ServedModel> {
    return this.models.values();
  }

  find(name: string): ServedModel | undefined {
    return this.models.get(name);
  }

  put(model: ServedModel): void {
    this.models = new Map(this.models).set(model.name, model);
  }

  /** Takes out the models that are not named; from now on what is not there does not exist. */
  keepOnly(names: ReadonlySet<string>): readonly ServedModel[] {
    const gone = [...this.models.values()].filter(({ name }) => !names.has(name));
    if (gone.length > 0) this.models = new Map([...this.models].filter(([name]) => names.has(name)));
    this.learned = true;
    return gone;
  }
}
