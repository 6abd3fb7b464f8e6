import type { Reconciliation } from '@gimbal/contracts';
import { allOf, MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { SyncRepository } from './sync.repository.js';
import { OWN_TAGS } from './told-entity.js';

type Stranger = z.output<typeof Reconciliation>['unknown'][number];

/** Named in one answer; who has more of them looks there. */
const NAMED_MAX = 1_000;
const DETAIL = 'Nobody here wrote it.';

/** What is on the server and not from here. Nothing is done about it: it is somebody else's. */
@Injectable()
export class StrangersThere {
  constructor(
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
  ) {}

  async list(): Promise<Stranger[]> {
    const strangers: Stranger[] = [];
    for await (const stranger of this.find()) {
      strangers.push(stranger);
      if (strangers.length >= NAMED_MAX) break;
    }
    return strangers;
  }

  private async *find(): AsyncGenerator<Stranger> {
    const { experiments, registeredModels, modelVersions } = this.mlflow;
    const shared: string[] = [];
    for await (const { experimentId, name, tags } of allOf((pageToken) =>
      experiments.search({ viewType: 'ALL', maxResults: 500, pageToken }),
    )) {
      if (experimentId === '0' || (await this.isOurs(tags[OWN_TAGS.experiment]))) shared.push(experimentId);
      else yield { kind: 'experiment', id: experimentId, name, detail: DETAIL };
    }
    yield* this.findRuns(shared);
    for await (const { name, tags } of allOf((pageToken) => registeredModels.search({ maxResults: 500, pageToken })))
      if (!(await this.isOurs(tags[OWN_TAGS.model]))) yield { kind: 'model', id: name, name, detail: DETAIL };
    for await (const { name, version, tags } of allOf((pageToken) =>
      modelVersions.search({ maxResults: 500, pageToken }),
    )) {
      const id = `${name}/${version}`;
      if (!(await this.isOurs(tags[OWN_TAGS['model-version']])))
        yield { kind: 'model-version', id, name: id, detail: DETAIL };
    }
  }

  /** Among ours: an experiment of somebody else is a stranger as a whole. */
  private async *findRuns(experimentIds: readonly string[]): AsyncGenerator<Stranger> {
    if (experimentIds.length === 0) return;
    const pages = allOf((pageToken) =>
      this.mlflow.runs.search({ experimentIds, viewType: 'ALL', maxResults: 500, pageToken }),
    );
    for await (const { info, data } of pages) {
      const mark = data.tags[OWN_TAGS.run] ?? data.tags[OWN_TAGS['model-version']]; // the latter: it carries a version's files
      if (!(await this.isOurs(mark))) yield { kind: 'run', id: info.runId, name: info.runName, detail: DETAIL };
    }
  }

  private async isOurs(mark: string | undefined): Promise<boolean> {
    return mark !== undefined && (await this.sync.wasTold(mark));
  }
}
