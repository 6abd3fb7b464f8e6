import type { LogDefinition, TrafficDocument, TrafficPlan } from '@gimbal/contracts';
import { warningTexts } from '../predict/columns.js';
import { RowReader } from '../predict/row-reader.js';
import type { ServedGraph } from './served-graph.js';

/** A model as the traffic plan describes it. */
export type PlannedModel = TrafficDocument['models'][number];
export type PlannedVersion = PlannedModel['versions'][number];

/** A version that answers. Immutable: a new threshold makes a new one around the same graph. */
export class ServedVersion {
  /** In float32, as the graph's own label compares. */
  readonly threshold: number;
  private rowReader: RowReader | undefined;
  private logDefinition: LogDefinition | undefined;

  constructor(
    readonly modelName: string,
    readonly planned: PlannedVersion,
    readonly graph: ServedGraph,
  ) {
    this.threshold = Math.fround(planned.threshold);
  }

  // Made when they are first needed: of a thousand models most are not asked.
  get reader(): RowReader {
    this.rowReader ??= new RowReader(this.planned.signature);
    return this.rowReader;
  }

  get definition(): LogDefinition {
    this.logDefinition ??= defineLog(this.modelName, this.planned);
    return this.logDefinition;
  }
}

function defineLog(modelName: string, planned: PlannedVersion): LogDefinition {
  return {
    modelVersionId: planned.id,
    modelName,
    modelVersion: planned.version,
    threshold: planned.threshold,
    inputs: planned.signature.inputs.map((input) => ({
      name: input.name,
      ...warningTexts(input),
      ...(input.categories && { categories: input.categories }),
    })),
  };
}

/** One model at one moment. */
export interface ServedModel {
  readonly name: string;
  readonly plan: TrafficPlan;
  /** Those of the plan, loaded or not; and those of a newer plan that cannot be loaded, while the former plan is served. */
  readonly versions: ReadonlyMap<number, ServedVersion>;
  /** The version that was live before, held ready to answer while the live one can't; undefined when there is none. */
  readonly standby?: ServedVersion | undefined;
}

/** Every version of a model that there is a graph for. */
export const versionsOf = ({ versions, standby }: ServedModel): readonly ServedVersion[] =>
  standby ? [...versions.values(), standby] : [...versions.values()];

/** The same by their numbers, each once. */
export const versionsByNumber = (model: ServedModel): ReadonlyMap<number, ServedVersion> =>
  new Map(versionsOf(model).map((version) => [version.planned.version, version]));

/**
 * What is served now. A request takes a model from here once and keeps it to its end, so a change in between never mixes two states; each
 * model changes in one step.
 */
export class ServedModels {
  private readonly models = new Map<string, ServedModel>();
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
    this.models.set(model.name, model);
  }

  /** @returns what was there */
  remove(name: string): ServedModel | undefined {
    const model = this.models.get(name);
    this.models.delete(name);
    return model;
  }

  /** From now on what is not there does not exist. */
  inform(): void {
    this.learned = true;
  }
}
