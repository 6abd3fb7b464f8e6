import { MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { type Fields, type Ledger, type Look, NOTHING_TOLD, NotYet, type Outcome, type Task } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import type { Change } from './merge-fields.js';
import { tellFields } from './told-entity.js';

/** Tells which version each alias of a model points at. */
@Injectable()
export class AliasTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    const here = await this.database.reader.model.findUnique({
      where: { id: task.entityId },
      include: { aliases: { include: { modelVersion: { select: { id: true } } } } },
    });
    if (!here) return { state: 'gone', told: NOTHING_TOLD, problems: [] }; // they went with the model there, too
    const name = await this.sync.idOf('model', here.id);
    const there = await this.mlflow.registeredModels.find(name);
    if (!there) throw new NotYet('Its model is not on the server yet.');
    for (const { modelVersion } of here.aliases) await this.sync.idOf('model-version', modelVersion.id);
    const write = (changes: readonly Change[]) => this.write(name, changes);
    return await tellFields(task, { ours: targetsOf(here), theirs: targetsOf(there) }, { ledger, write });
  }

  async look(entityId: string): Promise<Look | null> {
    const here = await this.database.reader.model.findUnique({ where: { id: entityId }, include: { aliases: true } });
    if (!here) return null;
    const name = await this.sync.findId('model', entityId);
    const there = name === null ? undefined : await this.mlflow.registeredModels.find(name);
    return { name: here.name, ours: targetsOf(here), theirs: there ? targetsOf(there) : null };
  }

  private async write(name: string, changes: readonly Change[]): Promise<void> {
    for (const { field: alias, value } of changes) {
      if (value === undefined) await this.mlflow.registeredModels.deleteAlias(name, alias);
      else await this.mlflow.registeredModels.setAlias(name, alias, Number(value));
    }
  }
}

const targetsOf = ({
  aliases,
}: {
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
}): Fields => Object.fromEntries(aliases.map(({ alias, version }) => [alias, String(version)]));
