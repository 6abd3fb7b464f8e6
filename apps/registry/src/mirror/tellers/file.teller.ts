import { DomainError } from '@gimbal/domain';
import { MlflowClient, proxiedPath } from '@gimbal/mlflow-client';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Fields } from '../mirrored.js';

/** Files under one address there. */
export interface ToldFiles {
  /** Digest by path. */
  readonly ours: Fields;
  readonly told: Fields;
  readonly artifactUri: string;
}

/** Tells of files: those that are new or changed here are sent as they are read, those removed here are removed there. */
@Injectable()
export class FileTeller {
  constructor(
    private readonly mlflow: MlflowClient,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /** Answers what could not be told: files of an address that the server does not pass on. */
  async tell({ ours, told, artifactUri }: ToldFiles): Promise<readonly string[]> {
    const sent = Object.entries(ours).filter(([path, digest]) => told[path] !== digest);
    const removed = Object.keys(told).filter((path) => ours[path] === undefined);
    if (sent.length + removed.length === 0) return [];
    const root = proxiedPath(artifactUri);
    if (root === undefined) return [`Its files are not mirrored: ${artifactUri} is not reached through the server.`];
    for (const [path, digest] of sent) await this.send(`${root}/${path}`, digest);
    for (const path of removed) await this.mlflow.artifacts.delete(`${root}/${path}`);
    return [];
  }

  /** Paths and sizes there, at any depth; null when they are not reached through the server. */
  async list(artifactUri: string): Promise<Readonly<Record<string, number>> | null> {
    const root = proxiedPath(artifactUri);
    if (root === undefined) return null;
    const sizes: Record<string, number> = {};
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const { path, isDir, fileSize } of await this.mlflow.artifacts.list(
        `${root}/${folder}`.replace(/\/$/, ''),
      )) {
        const within = folder === '' ? path : `${folder}/${path}`;
        if (isDir) folders.push(within);
        else sizes[within] = fileSize;
      }
    }
    return sizes;
  }

  private async send(path: string, digest: string): Promise<void> {
    const found = await this.store.find(digest);
    if (!found) throw new DomainError('artifact-not-found', `The artifact store has lost ${path} (${digest}).`);
    const body = await this.store.open(digest);
    try {
      await this.mlflow.artifacts.upload({ path, body, bytes: found.bytes });
    } finally {
      body.destroy();
    }
  }
}
