import { MlflowClient, MlflowError, type ModelVersion } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Clash, NotYet } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import { OWN_TAGS } from './told-entity.js';
import { VERSION_PARTS, VersionFilesTeller, type VersionRow, type VersionSource } from './version-files.teller.js';

const OWN_TAG = OWN_TAGS['model-version'];
/** Tag of a version that only keeps its number, with the reason: nobody should take it for a whole one. */
const HELD_TAG = 'gimbal.not_mirrored';

/** What a version has from its first moment there. */
export interface FirstFacts extends VersionSource {
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Keeps the numbers of versions the same on both sides, though the server counts by itself and never gives a number twice. Versions are made in their
 * order. One that was refused does not keep later ones waiting: its number is held by a version without files, which is
 * completed when it is told after all. Numbers of somebody else, and those that are not used here any more, are passed over.
 */
@Injectable()
export class VersionNumbers {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    private readonly files: VersionFilesTeller,
  ) {}

  /** Sees to the numbers before this one. @throws NotYet while an earlier version is to be told first */
  async makeWay(name: string, { modelName, version }: VersionRow): Promise<void> {
    const earlier = await this.database.reader.$queryRaw<
      { id: string; version: number; state: string; reason: string }[]
    >`
      SELECT v.id, v.version, coalesce(s.state::text, 'pending') AS state, coalesce(s.last_error, '') AS reason
      FROM model_versions v
      LEFT JOIN mlflow_sync s ON s.entity_kind = 'model-version' AND s.entity_id = v.id::text
      WHERE v.model_name = ${modelName} AND v.version < ${version} AND s.mlflow_id IS NULL
      ORDER BY v.version`;
    for (const { id, version: number, state, reason } of earlier) {
      if (state === 'failed') await this.hold(name, id, reason);
      else if (state !== 'conflict')
        throw new NotYet(`Version ${number} of ${modelName} is not on the server yet.`, {
          ...{ kind: 'model-version', entityId: id },
        });
    }
  }

  /** Makes it under its own number. One with a wrong number never stays. @throws Clash when the number is used up there */
  async create(name: string, { id, version }: VersionRow, facts: FirstFacts): Promise<ModelVersion> {
    await this.checkFree(name, version);
    await this.removeStray(name, { id, version });
    for (;;) {
      const tags = { ...facts.tags, [OWN_TAG]: id };
      const created = await this.mlflow.modelVersions.create({ name, ...facts, tags });
      if (created.version === version) return created;
      await this.mlflow.modelVersions.delete(name, created.version);
      if (created.version > version) throw usedUp(name, version, created.version + 1);
    }
  }

  isHeld({ tags }: ModelVersion): boolean {
    return tags[HELD_TAG] !== undefined;
  }

  /** Sends what was missing. */
  async complete({ name, version }: ModelVersion, here: VersionRow): Promise<void> {
    await this.files.tell(here);
    await this.mlflow.modelVersions.deleteTag(name, version, HELD_TAG);
  }

  private async hold(name: string, id: string, reason: string): Promise<void> {
    const where = { id };
    const here = await this.database.reader.modelVersion.findUnique({ where, include: VERSION_PARTS });
    if (!here) return; // removed since
    try {
      const { source } = await this.files.placeOf(here);
      await this.create(name, here, { ...source, tags: { [HELD_TAG]: reason.slice(0, 500) || 'It was refused.' } });
    } catch (error) {
      // What can't even be held, such as a version whose address is refused, loses its number to nobody.
      if (error instanceof Clash || (error instanceof MlflowError && !error.isTransient)) return;
      throw error;
    }
    await this.sync.ledgerOf({ kind: 'model-version', entityId: id }).noteId(`${here.model.id}/${here.version}`);
  }

  /** Asked first: a number that is tried and not right is used up by that. */
  private async checkFree(name: string, version: number): Promise<void> {
    const search = { filter: nameIs(name), orderBy: ['version_number DESC'], maxResults: 1 };
    const [last] = (await this.mlflow.modelVersions.search(search)).items;
    if (last && last.version > version) throw usedUp(name, version, last.version + 1);
  }

  /** What a crash left between making one with a wrong number and deleting it. */
  private async removeStray(name: string, { id, version }: Pick<VersionRow, 'id' | 'version'>): Promise<void> {
    const filter = `${nameIs(name)} AND tags.\`${OWN_TAG}\` = '${id}'`;
    const { items } = await this.mlflow.modelVersions.search({ filter });
    for (const stray of items)
      if (stray.version !== version) await this.mlflow.modelVersions.delete(name, stray.version);
  }
}

const nameIs = (name: string): string => `name = '${name.replaceAll("'", "\\'")}'`;
const usedUp = (name: string, version: number, next: number): Clash =>
  new Clash(`Version ${version} of ${name} is used up there: the next one is ${next} or later.`);
