import { DomainError } from '@gimbal/domain';
import type { Logger } from '@gimbal/platform';
import { findModel, findVersion, isReady, readVersion } from '../../predict/find-version.js';
import type { Asker, Inferred, PredictService, Question } from '../../predict/predict.service.js';
import type { ServedModel, ServedModels, ServedVersion } from '../../traffic/served-models.js';
import { type ChosenOutput, chooseOutputs } from './choose-outputs.js';
import { describeConfig, describeModel } from './describe-model.js';
import { describeStatistics } from './describe-statistics.js';
import { RECEIPT } from './model-tensors.js';
import { type OpenVersion, openVersion } from './open-version.js';
import type { OpenRequest } from './read-request.js';
import { readRawTensor } from './tensor.js';

export interface OpenInferenceOptions {
  readonly service: Pick<PredictService, 'infer'>;
  readonly models: ServedModels;
  readonly logger: Logger;
  readonly rowsMax: number;
  /** Version of this program. */
  readonly programVersion: string;
}

/** A model as callers name it; no version: the live one, or the one that the traffic plan chooses. */
export interface NamedModel {
  readonly name: string;
  readonly version?: string | undefined;
}

/** What is asked of which model. */
export interface Asked extends NamedModel {
  readonly request: OpenRequest;
}

/** What was computed, and what of it the caller wants to see. */
export interface OpenInferred {
  readonly inferred: Inferred;
  readonly id: string | null;
  readonly outputs: readonly ChosenOutput[];
  readonly version: OpenVersion;
}

/** Of Triton, as far as they are held here in full. */
const EXTENSIONS = [
  'binary_tensor_data',
  'classification',
  'model_configuration',
  'model_repository',
  'statistics',
  'schedule_policy',
  'logging',
];

const versionsOf = ({ versions }: ServedModel): readonly number[] =>
  [...versions.keys()].sort((one, other) => one - other);

const versionsIn = ({ versions }: ServedModel): readonly ServedVersion[] => [...versions.values()];

/** What Open Inference v2 and Triton's extensions of it say, in no form of transport: HTTP and gRPC only read and write. */
export class OpenInference {
  readonly options: OpenInferenceOptions;
  private readonly versions = new WeakMap<ServedVersion, OpenVersion>();

  constructor(options: OpenInferenceOptions) {
    this.options = options;
  }

  /** @param read what was sent; what it throws counts as a refusal. @throws as {@link PredictService.infer} */
  async infer(read: () => Asked, asker: Asker): Promise<OpenInferred> {
    const prepared = this.prepare(read);
    return prepared.show(await this.options.service.infer(prepared.read, asker));
  }

  /** The two halves of an inference: how its rows are read, and what of the computed ones the caller wants to see. */
  prepare(read: () => Asked): {
    readonly read: () => Question;
    readonly show: (inferred: Inferred) => OpenInferred;
  } {
    let shown: Omit<OpenInferred, 'inferred'> | undefined;
    const ask = (): Question => {
      const { name, version: named, request } = read();
      return {
        modelName: name,
        version: readVersion(named),
        urgency: request.urgency,
        withReceipts: request.outputs?.some((output) => output.name === RECEIPT.name) ?? false,
        rowsOf: (served) => {
          const version = this.open(served);
          const { reader } = version;
          const { raw } = request;
          const rows = raw ? reader.readRaw((own) => readRawTensor(own, raw)) : reader.read(request.inputs);
          shown = { id: request.id, outputs: chooseOutputs(version, request, rows.count), version };
          return rows;
        },
      };
    };
    const show = (inferred: Inferred): OpenInferred => {
      if (!shown) throw new DomainError('internal-error', 'Rows were computed that nobody read.');
      return { ...shown, inferred };
    };
    return { read: ask, show };
  }

  describeServer() {
    return { name: 'gimbal', version: this.options.programVersion, extensions: EXTENSIONS };
  }

  /** True once the traffic plan is known. */
  isReady(): boolean {
    return this.options.models.isInformed;
  }

  modelNames(): string[] {
    return Array.from(this.options.models.all, ({ name }) => name);
  }

  isModelReady({ name, version }: NamedModel): boolean {
    return isReady(this.options.models, name, readVersion(version));
  }

  describeModel(named: NamedModel) {
    const { model, version } = this.find(named);
    return describeModel(version, versionsOf(model));
  }

  describeConfig(named: NamedModel) {
    const { model, version } = this.find(named);
    return describeConfig(version, { versions: versionsOf(model), rowsMax: this.options.rowsMax });
  }

  /** Of one version, of those of one model, or of all; as far as something is named. */
  describeStatistics({ name, version }: { readonly name: string | undefined; readonly version: string | undefined }) {
    const { models } = this.options;
    const versions =
      name === undefined
        ? Array.from(models.all, versionsIn).flat()
        : version === undefined
          ? versionsIn(findModel(models, name))
          : [this.find({ name, version }).version];
    return { model_stats: versions.map(describeStatistics) };
  }

  private open(served: ServedVersion): OpenVersion {
    let version = this.versions.get(served);
    if (!version) {
      version = openVersion(served, this.options.rowsMax);
      this.versions.set(served, version);
    }
    return version;
  }

  /** The version that is named, or the live one. */
  private find({ name, version }: NamedModel): { readonly model: ServedModel; readonly version: ServedVersion } {
    const model = findModel(this.options.models, name);
    return { model, version: findVersion(model, readVersion(version), null) };
  }
}
