import { ModelSignature, type Task } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { isDomainError, isServable } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ArtifactOwner } from '../artifacts/artifact-owner.js';
import { type ArtifactRow, findArtifact } from '../artifacts/artifact-rows.js';
import type { RegistryConfig } from '../config.js';
import { checkModelFile } from '../model-files/check-model-file.js';
import { ProtobufError } from '../model-files/read-protobuf.js';
import { describeSignature } from './describe-signature.js';
import { fitOnnx } from './fit-onnx.js';
import { ML_MODEL, ML_MODEL_BYTES_MAX, type MlModel, readMlModel } from './read-ml-model.js';
import { NO_COLUMNS, NO_KNOWN_OUTPUTS, NO_MODEL_FILE, sayFaults, sayFlavor } from './say-unserved.js';

/** What serving needs of a model that somebody logged. */
interface ServedPart {
  readonly artifactDigest: string;
  readonly artifactBytes: number;
  readonly signature: ModelSignature;
  readonly task: Task;
}

/** A logged model, looked into: what serving needs, or why it cannot run it. */
export interface ImportedModel {
  /** Its first flavour; `unknown` when its files do not say. */
  readonly framework: string;
  readonly served: ServedPart | null;
  readonly unservedReason: string | null;
}

/** Folders that are registered again and again are looked into once. */
const REMEMBERED_MAX = 256;

const unserved = (framework: string, unservedReason: string): ImportedModel => ({
  framework,
  served: null,
  unservedReason,
});

/** Looks into models that MLflow's clients logged, and makes of an ONNX file one that serving can run. */
@Injectable()
export class ImportedModels {
  /** By the digests of what was looked at, which never change. */
  private readonly remembered = new Map<string, Promise<ImportedModel>>();

  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  /**
   * @param folder where the model's files are below its owner; '' is the root
   * @throws DomainError `storage-full`, `storage-failed`, `artifact-corrupt`
   */
  async inspect(db: DatabaseReader, owner: ArtifactOwner, folder: string): Promise<ImportedModel> {
    const find = (name: string) => findArtifact(db, owner, folder === '' ? name : `${folder}/${name}`);
    const description = await find(ML_MODEL);
    if (!description) return unserved('unknown', NO_MODEL_FILE);
    const model = await this.readDescription(description);
    if (typeof model === 'string') return unserved('unknown', model);
    const framework = model.onnxFile === null ? (model.flavors[0] ?? 'python_function') : 'onnx';
    if (model.onnxFile === null) return unserved(framework, sayFlavor(model.flavors));
    const file = await find(model.onnxFile);
    if (!file) return unserved(framework, `its file ${ML_MODEL} names ${model.onnxFile}, which is not there.`);
    return await this.once(`${description.digest}:${file.digest}`, () => this.fit(model, file));
  }

  /** What is known of a version already, for another one of the same files. */
  async ofVersion(db: DatabaseReader, id: string): Promise<ImportedModel> {
    const row = await db.modelVersion.findUniqueOrThrow({ where: { id } });
    if (!isServable(row)) return unserved(row.framework, row.unservedReason ?? '');
    const { framework, artifactDigest, artifactBytes } = row;
    const signature = ModelSignature.parse(row.signature);
    const served = { artifactDigest, artifactBytes: Number(artifactBytes), signature, task: signature.task };
    return { framework, served, unservedReason: null };
  }

  private async readDescription({ digest, bytes }: ArtifactRow): Promise<MlModel | string> {
    if (bytes > ML_MODEL_BYTES_MAX) return `its file ${ML_MODEL} has more than ${ML_MODEL_BYTES_MAX} bytes.`;
    try {
      return readMlModel((await this.store.read(digest)).toString('utf8'));
    } catch (error) {
      if (isDomainError(error, 'invalid-model-file')) return error.detail;
      throw error;
    }
  }

  private async fit(model: MlModel, { digest, bytes }: ArtifactRow): Promise<ImportedModel> {
    const { maxBytes } = this.config.modelFiles;
    if (bytes > maxBytes) return unserved('onnx', `its file has ${bytes} bytes; at most ${maxBytes} are served.`);
    const original = await this.store.read(digest);
    try {
      return await this.serve(model, original);
    } catch (error) {
      if (error instanceof ProtobufError) return unserved('onnx', `it is not an ONNX file: ${error.message}`);
      throw error;
    }
  }

  private async serve(model: MlModel, original: Uint8Array): Promise<ImportedModel> {
    const fitted = fitOnnx(original);
    if (!fitted) return unserved('onnx', NO_KNOWN_OUTPUTS);
    const columns = fitted.columns ?? model.inputs?.length ?? null;
    if (columns === null || columns < 1) return unserved('onnx', NO_COLUMNS);
    const signature = describeSignature({ ...fitted, columns }, model.inputs);
    const faults = checkModelFile(fitted.file, signature);
    if (faults.length > 0) return unserved('onnx', sayFaults(faults));
    const { digest: artifactDigest, bytes: artifactBytes } = await this.store.put(fitted.file);
    const served = { artifactDigest, artifactBytes, signature, task: fitted.task };
    return { framework: 'onnx', served, unservedReason: null };
  }

  /** What nobody registers is removed from the store after a while. */
  private async isKept({ served }: ImportedModel): Promise<boolean> {
    return served === null || (await this.store.find(served.artifactDigest)) !== undefined;
  }

  private async once(key: string, inspect: () => Promise<ImportedModel>): Promise<ImportedModel> {
    const known = await this.remembered.get(key);
    if (known && (await this.isKept(known))) return known;
    const found = inspect();
    this.remembered.set(key, found);
    for (const oldest of this.remembered.keys()) {
      if (this.remembered.size <= REMEMBERED_MAX) break;
      this.remembered.delete(oldest);
    }
    found.catch(() => this.remembered.delete(key)); // the store may be back next time
    return await found;
  }
}
