import type { Reconciliation } from '@gimbal/contracts';
import { MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { SyncRepository } from '../queue/sync.repository.js';
import { OWN_TAGS } from '../tellers/told-entity.js';

type Stranger = z.output<typeof Reconciliation>['unknown'][number];

/** What is on a page there: an item for the answer, and whose tag it has. */
interface Page {
  readonly found: readonly { readonly item: Omit<Stranger, 'detail'>; readonly mark: string | undefined }[];
  readonly nextPageToken: string | null;
}

/** What is asked for in turn. */
export const STRANGER_STEPS = ['strange-experiments', 'strange-runs', 'strange-models', 'strange-versions'] as const;
export type StrangerStep = (typeof STRANGER_STEPS)[number];

const PAGE_MAX = 100;
/** Every server has it; it is shared. */
const SHARED_EXPERIMENT = '0';

/** What is on the server and not from here, page by page. Nothing is done about it: it is somebody else's. */
@Injectable()
export class StrangersThere {
  private readonly steps: Readonly<Record<StrangerStep, (pageToken: string | null) => Promise<Page>>> = {
    'strange-experiments': (pageToken) => this.experiments(pageToken),
    'strange-runs': (pageToken) => this.runs(pageToken),
    'strange-models': (pageToken) => this.models(pageToken),
    'strange-versions': (pageToken) => this.versions(pageToken),
  };

  constructor(
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
  ) {}

  /** One page. @throws MlflowError */
  async list(step: StrangerStep, pageToken: string | null): Promise<{ unknown: Stranger[]; next: string | null }> {
    const { found, nextPageToken } = await this.steps[step](pageToken);
    const unknown: Stranger[] = [];
    for (const { item, mark } of found) {
      const isOurs = mark !== undefined && (await this.sync.wasTold(mark));
      if (!isOurs) unknown.push({ ...item, detail: 'Nobody here wrote it.' });
    }
    return { unknown, next: nextPageToken };
  }

  private async experiments(pageToken: string | null): Promise<Page> {
    const search = { viewType: 'ALL', maxResults: PAGE_MAX, pageToken } as const;
    const { items, nextPageToken } = await this.mlflow.experiments.search(search);
    const found = items
      .filter(({ experimentId }) => experimentId !== SHARED_EXPERIMENT)
      .map(({ experimentId: id, name, tags }) => ({
        item: { kind: 'experiment', id, name } as const,
        mark: tags[OWN_TAGS.experiment],
      }));
    return { found, nextPageToken };
  }

  /** In experiments of ours: one of somebody else is a stranger as a whole. */
  private async runs(pageToken: string | null): Promise<Page> {
    const experimentIds = await this.sync.idsThere('experiment');
    if (experimentIds.length === 0) return { found: [], nextPageToken: null };
    const search = { experimentIds, viewType: 'ALL', maxResults: PAGE_MAX, pageToken } as const;
    const { items, nextPageToken } = await this.mlflow.runs.search(search);
    const found = items.map(({ info, data }) => ({
      item: { kind: 'run', id: info.runId, name: info.runName } as const,
      mark: data.tags[OWN_TAGS.run] ?? data.tags[OWN_TAGS['model-version']], // the latter: it carries a version's files
    }));
    return { found, nextPageToken };
  }

  private async models(pageToken: string | null): Promise<Page> {
    const { items, nextPageToken } = await this.mlflow.registeredModels.search({ maxResults: PAGE_MAX, pageToken });
    const found = items.map(({ name, tags }) => ({
      item: { kind: 'model', id: name, name } as const,
      mark: tags[OWN_TAGS.model],
    }));
    return { found, nextPageToken };
  }

  private async versions(pageToken: string | null): Promise<Page> {
    const { items, nextPageToken } = await this.mlflow.modelVersions.search({ maxResults: PAGE_MAX, pageToken });
    const found = items.map(({ name, version, tags }) => ({
      item: { kind: 'model-version', id: `${name}/${version}`, name: `${name}/${version}` } as const,
      mark: tags[OWN_TAGS['model-version']],
    }));
    return { found, nextPageToken };
  }
}
