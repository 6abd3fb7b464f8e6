import { randomBytes } from 'node:crypto';
import type { RegisterVersion } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { ARTIFACT_STORE, type ArtifactStore, type StoredArtifact } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { stringify } from 'yaml';

/** Where the files of a version can be had by MLflow's clients. */
export interface LoggedModelPlace {
  readonly loggedModelId: string;
  readonly source: string;
}

/** A version that is about to be registered. */
export interface FiledVersion {
  readonly model: string;
  readonly request: RegisterVersion;
  readonly file: StoredArtifact;
  readonly description: StoredArtifact;
  readonly actor: string;
}

const ONNX_FILE = 'model.onnx';
/** Runs without an experiment of their own have this one. */
const DEFAULT_EXPERIMENT = 0n;

/**
 * Keeps the file of a version that was made here as a logged model, which is how MLflow's clients load one: its file with an `MLmodel`
 * beside it, below the artifact root. The ONNX file itself is stored once.
 */
@Injectable()
export class LoggedModelFiles {
  constructor(@Inject(ARTIFACT_STORE) private readonly store: ArtifactStore) {}

  /** Stores the `MLmodel` of a version. @throws DomainError `storage-full`, `storage-failed` */
  async describe({ signature }: RegisterVersion): Promise<StoredArtifact> {
    const asText = signature.inputs.some(({ type, categories }) => type === 'text' || categories !== undefined);
    const columns = signature.inputs.map(({ name, missing }) => ({
      type: 'double',
      name,
      required: missing === 'refused',
    }));
    const text = stringify({
      flavors: {
        onnx: { code: null, data: ONNX_FILE, onnx_version: 'unknown', providers: ['CPUExecutionProvider'] },
        python_function: { data: ONNX_FILE, loader_module: 'mlflow.onnx' },
      },
      // Several tensors have no table of columns in MLflow's signature.
      ...(!asText && { signature: { inputs: JSON.stringify(columns), outputs: null, params: null } }),
    });
    return await this.store.put(Buffer.from(text));
  }

  /** Names the files of a version that is added in this transaction; they go with it, by {@link dropLoggedModels}. */
  async keep(
    tx: DatabaseTransaction,
    { model, request, file, description, actor }: FiledVersion,
  ): Promise<LoggedModelPlace> {
    const experiment = await tx.experiment.findFirstOrThrow({
      where: request.runId === null ? { number: DEFAULT_EXPERIMENT } : { runs: { some: { id: request.runId } } },
      select: { id: true, number: true },
    });
    const id = `m-${randomBytes(16).toString('hex')}`;
    await tx.loggedModel.create({
      data: {
        id,
        experimentId: experiment.id,
        name: model,
        sourceRunId: request.runId,
        state: 'ready',
        ofVersion: true,
        createdBy: actor,
        artifacts: {
          createMany: {
            data: [
              { path: 'MLmodel', ...description, contentType: 'text/plain' },
              { path: ONNX_FILE, ...file, contentType: 'application/octet-stream' },
            ],
          },
        },
      },
      select: { id: true },
    });
    return { loggedModelId: id, source: `mlflow-artifacts:/${experiment.number}/models/${id}/artifacts` };
  }
}

/** Forgets the files of versions that were removed, where registration named them and no other version was made of them. */
export async function dropLoggedModels(
  tx: DatabaseTransaction,
  removed: readonly { readonly loggedModelId: string | null }[],
): Promise<void> {
  const ids = removed.flatMap(({ loggedModelId }) => loggedModelId ?? []);
  await tx.loggedModel.deleteMany({ where: { id: { in: ids }, ofVersion: true, versions: { none: {} } } });
}
