import type { Actor, ImportedModel, ImportModel, ModelArchive } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, isTaken } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, AuditTrail } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { holdContents } from '../artifacts/content-lock.js';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { ManifestService } from '../manifests/manifest.service.js';
import { ManifestKeys } from '../manifests/manifest-keys.js';
import { addPlan } from '../traffic/traffic-plan.repository.js';
import { endLive, insertModel } from './insert-model.js';
import { insertOwners } from './insert-owners.js';
import { type ReadArchive, readArchive } from './read-archive.js';

/** Takes in models that another registry, or this one, wrote into a file. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly keys: ManifestKeys,
    private readonly manifests: ManifestService,
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * Stores the files. One that breaks off leaves nothing but content without a name: it can be sent again, and what is stored already is kept.
   * @throws InvalidInputError for a file that is no whole export by a trusted key; DomainError `already-exists`, before the first file is stored
   */
  async receive(content: AsyncIterable<Uint8Array>, { keyId, as }: ImportModel): Promise<ReadArchive> {
    const { publicKeys: ownKeys } = await this.keys.open();
    const admit = (archive: ModelArchive) => refuseTaken(this.database.reader, as ?? archive.model.name);
    return await readArchive(content, { store: this.store, trust: { ownKeys, keyId }, admit });
  }

  /**
   * Adds the model with everything, or nothing. Nothing goes live by it: what was in production comes as staging, and a promotion judges anew.
   * @throws DomainError `already-exists`
   */
  async add(
    { archive, keyId }: ReadArchive,
    { as }: ImportModel,
    actor: Actor,
  ): Promise<z.output<typeof ImportedModel>> {
    const name = as ?? archive.model.name;
    const add = async (tx: DatabaseTransaction): Promise<void> => {
      await refuseTaken(tx, name);
      await holdContents(
        tx,
        this.store,
        archive.contents.map(({ digest }) => digest),
      );
      await insertModel(tx, name, archive, await insertOwners(tx, archive));
      const at = new Date();
      await endLive(tx, name, archive, { actor: actor.name, at });
      await this.vouch(tx, name, actor);
      await addPlan(tx, {
        model: name,
        plan: { live: null },
        actor: actor.name,
        reason: 'The model was imported.',
        at,
      });
      const payload = {
        from: archive.model.name,
        exported_by: archive.exportedBy,
        exported_at: archive.exportedAt,
        key_id: keyId,
      };
      const told = {
        action: 'model.imported',
        key: `${name}:${at.getTime()}`,
        subject: auditSubject(name, null),
      } as const;
      await this.audit.record(tx, { ...told, actor: actor.name, at, payload });
    };
    try {
      await this.database.change(add);
    } catch (error) {
      throw isTaken(error) ? nameTaken(name) : error; // somebody else was faster
    }
    const { versions, runs, contents } = archive satisfies ModelArchive;
    return { modelName: name, versions: versions.length, runs: runs.length, files: contents.length, keyId };
  }

  private async vouch(tx: DatabaseTransaction, modelName: string, actor: Actor): Promise<void> {
    const rows = await tx.modelVersion.findMany({ where: { modelName, unservedReason: null } });
    await this.manifests.signRows(tx, rows, actor.name);
  }
}

const nameTaken = (name: string): DomainError =>
  new DomainError('already-exists', `There is a model ${name}: import it under another name.`);

async function refuseTaken(db: DatabaseReader, name: string): Promise<void> {
  if (await db.model.findUnique({ where: { name }, select: { id: true } })) throw nameTaken(name);
}
