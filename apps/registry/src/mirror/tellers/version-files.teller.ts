import type { Prisma } from '@gimbal/db';
import { MlflowClient, type Run } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { runUuid } from '../../mlflow/ids.js';
import type { Fields } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import { FileTeller } from './file.teller.js';
import { OWN_TAGS } from './told-entity.js';

export const VERSION_PARTS = {
  model: { select: { id: true } },
  loggedModel: { include: { artifacts: true } },
} as const satisfies Prisma.ModelVersionInclude;
export type VersionRow = Prisma.ModelVersionGetPayload<{ include: typeof VERSION_PARTS }>;

/** What a version is made from there. */
export interface VersionSource {
  readonly source: string;
  readonly runId?: string;
  readonly modelId?: string;
}

/** Where its files are there, or belong. */
interface Place {
  readonly source: VersionSource;
  /** Those that come there with the version, by digest. */
  readonly files: Fields;
}

/** Runs that carry versions of no run are where MLflow puts what has no place. */
const CARRIERS = '0';
const OWN_FILE = 'model.onnx';
const RUN_SOURCE = /^(?:mlflow-artifacts:\/\d+\/([0-9a-f]{32})\/artifacts|runs:\/([0-9a-f]{32}))\/?(.*)$/;

/**
 * Says where a version's files are there. Those of a run or a logged model are there already; a file that was registered by itself is sent to the
 * folder of its run, or of a run that is made to carry it: servers take addresses within a run's folder only.
 */
@Injectable()
export class VersionFilesTeller {
  constructor(
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    private readonly files: FileTeller,
  ) {}

  /** Sends the files that are not there with a run or a logged model, and says where all are. */
  async tell(version: VersionRow): Promise<VersionSource> {
    const { source, files } = await this.placeOf(version);
    await this.files.tell({ ours: files, told: {}, artifactUri: source.source });
    return source;
  }

  /** As {@link tell}, before anything is sent. */
  async placeOf(version: VersionRow): Promise<Place> {
    const { loggedModel, source, runId } = version;
    if (loggedModel) {
      const modelId = await this.sync.findId('logged-model', loggedModel.id);
      const there = modelId === null ? undefined : await this.mlflow.loggedModels.find(modelId);
      if (!there)
        return await this.ownPlaceOf(version, filesOf(loggedModel.artifacts), loggedModel.sourceRunId ?? runId);
      const { artifactUri, modelId: id, sourceRunId } = there.info;
      return { source: { source: artifactUri, modelId: id, ...runOf(sourceRunId) }, files: {} };
    }
    const [, inFolder, inRun, path = ''] = RUN_SOURCE.exec(source ?? '') ?? [];
    const run = runUuid(inFolder ?? inRun ?? '');
    if (run !== undefined) {
      const there = await this.runThere(run);
      if (there) return { source: { source: join(there.info.artifactUri, path), runId: there.info.runId }, files: {} };
    }
    if (version.artifactDigest !== null)
      return await this.ownPlaceOf(version, { [OWN_FILE]: version.artifactDigest }, runId);
    if (source === null) return await this.ownPlaceOf(version, {}, runId);
    const ownRun = runId === null ? null : await this.sync.findId('run', runId);
    return { source: { source, ...runOf(ownRun) }, files: {} };
  }

  private async ownPlaceOf(version: VersionRow, files: Fields, ownRun: string | null): Promise<Place> {
    const { info } = (ownRun === null ? undefined : await this.runThere(ownRun)) ?? (await this.carrierOf(version));
    return { source: { source: join(info.artifactUri, `gimbal/${version.id}`), runId: info.runId }, files };
  }

  private async runThere(runId: string): Promise<Run | undefined> {
    return await this.mlflow.runs.find(await this.sync.idOf('run', runId));
  }

  /** One for each version, found again after a crash by its tag. */
  private async carrierOf({ id, modelName, version, algorithm, framework }: VersionRow): Promise<Run> {
    const tag = OWN_TAGS['model-version'];
    const filter = `tags.\`${tag}\` = '${id}'`;
    const { items } = await this.mlflow.runs.search({ experimentIds: [CARRIERS], filter });
    if (items[0]) return items[0];
    const run = await this.mlflow.runs.create({
      ...{ experimentId: CARRIERS, runName: `register_${modelName}_${version}`, startTime: Date.now() },
      tags: { [tag]: id },
    });
    await this.mlflow.runs.logBatch(run.info.runId, { params: { algorithm, framework } });
    await this.mlflow.runs.update(run.info.runId, { status: 'FINISHED', endTime: Date.now() });
    return run;
  }
}

const runOf = (runId: string | null): { readonly runId?: string } => (runId ? { runId } : {});
const join = (root: string, path: string): string => (path === '' ? root : `${root.replace(/\/$/, '')}/${path}`);
const filesOf = (artifacts: readonly { readonly path: string; readonly digest: string }[]): Fields =>
  Object.fromEntries(artifacts.map(({ path, digest }) => [path, digest]));
