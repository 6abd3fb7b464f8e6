import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { WebhookEvents } from '../../webhooks/webhook-events.js';
import { checkDescription, checkTagKey, checkTagValue } from './check-names.js';
import { findDownloadUri } from './download-uri.js';
import { findVersion, keyOf, type VersionName } from './model-reads.js';
import { MoveStageService } from './move-stage.service.js';
import { RegisterVersionService } from './register-version.service.js';
import { RemoveModelsService } from './remove-models.service.js';
import { showVersion } from './show-models.js';
import { removeVersionTag, setVersionTag } from './tags.repository.js';

type Routes =
  | 'createModelVersion'
  | 'getModelVersion'
  | 'getModelVersionDownloadUri'
  | 'updateModelVersion'
  | 'transitionModelVersionStage'
  | 'deleteModelVersion'
  | 'setModelVersionTag'
  | 'deleteModelVersionTag';

/** MLflow's model versions: those of this registry, of every framework. */
@Injectable()
export class ModelVersionHandlers {
  readonly handlers: MlflowHandlers<Routes>;

  constructor(
    private readonly database: Database,
    private readonly registrations: RegisterVersionService,
    private readonly stages: MoveStageService,
    private readonly removals: RemoveModelsService,
    private readonly events: WebhookEvents,
  ) {
    this.handlers = {
      createModelVersion: async (request, actor) => ({
        model_version: showVersion(await this.registrations.register(request, actor)),
      }),
      getModelVersion: (request) => this.show(request),
      getModelVersionDownloadUri: async (request) => ({
        artifact_uri: await findDownloadUri(this.database.reader, request),
      }),
      updateModelVersion: (request) => this.update(request),
      transitionModelVersionStage: async (request, actor) => ({
        model_version: showVersion(await this.stages.move(request, actor)),
      }),
      deleteModelVersion: async (request, actor) => {
        await this.removals.deleteVersion(request, actor);
        return {};
      },
      setModelVersionTag: ({ key, value = '', ...named }) =>
        this.changeTag(named, async (tx) => {
          await setVersionTag(tx, named, { [checkTagKey(key)]: checkTagValue(value) });
          await this.events.tell(tx, 'model_version_tag.set', { ...named, key, value });
        }),
      deleteModelVersionTag: ({ key, ...named }) =>
        this.changeTag(named, async (tx) => {
          await removeVersionTag(tx, named, checkTagKey(key));
          await this.events.tell(tx, 'model_version_tag.deleted', { ...named, key });
        }),
    };
  }

  private async show(named: VersionName): Promise<object> {
    return { model_version: showVersion(await findVersion(this.database.reader, named)) };
  }

  private async update({ description = '', ...named }: MlflowRequest<'updateModelVersion'>): Promise<object> {
    const db = this.database.reader;
    await findVersion(db, named);
    const where = { modelName_version: keyOf(named) };
    await db.modelVersion.update({ where, data: { description: checkDescription(description) }, select: { id: true } });
    return await this.show(named);
  }

  private async changeTag(named: VersionName, change: (tx: DatabaseTransaction) => Promise<void>): Promise<object> {
    keyOf(named);
    await this.database.change(change);
    return {};
  }
}
