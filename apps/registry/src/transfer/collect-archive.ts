import type { ModelArchive } from '@gimbal/contracts';
import type { DatabaseReader, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import {
  type ArchivedOwner,
  LOGGED_MODEL_PARTS,
  RUN_PARTS,
  showChange,
  showLoggedModel,
  showRun,
  showVersion,
  Tags,
} from './show-archived.js';
import { findVersionPlace, type VersionPlace } from './version-place.js';

const MODEL_PARTS = {
  aliases: true,
  aliasHistory: { orderBy: { id: 'asc' } },
  stageChanges: { orderBy: { id: 'asc' } },
  versions: { orderBy: { version: 'asc' }, include: { manifests: { orderBy: { id: 'desc' }, take: 1 } } },
} as const satisfies Prisma.ModelInclude;

/** What an archive says, but for who exported it and the sizes of its files. */
export type Collected = Omit<ModelArchive, 'exportedAt' | 'exportedBy' | 'keys' | 'contents'>;

/** All that is known of a model but its files. Call it inside a snapshot. @throws DomainError `model-not-found` */
export async function collectArchive(db: DatabaseReader, name: string): Promise<Collected> {
  const row = await db.model.findUnique({ where: { name }, include: MODEL_PARTS });
  if (!row) throw new DomainError('model-not-found', `There is no model ${name}.`);
  const places = new Map<number, VersionPlace>();
  for (const version of row.versions) {
    const place = await findVersionPlace(db, version);
    if (place) places.set(version.version, place);
  }
  const { runs, loggedModels } = await collectOwners(db, row.versions, [...places.values()]);
  const carried = new Set([...runs, ...loggedModels].filter(isKeptHere).map(({ id }) => id));
  const { description, lastVersion, createdBy, createdAt } = row;
  return {
    format: 'gimbal-model',
    v: 1,
    model: {
      name,
      description,
      tags: Tags.parse(row.tags),
      lastVersion,
      createdBy,
      createdAt: createdAt.toISOString(),
    },
    versions: row.versions.map((version) => {
      const place = places.get(version.version);
      return showVersion(version, place && carried.has(place.owner.id) ? place : undefined);
    }),
    aliases: row.aliases.map(({ alias, version }) => ({ alias, version })),
    aliasHistory: row.aliasHistory.map(({ alias, version, previousVersion, ...change }) => ({
      ...{ alias, version, previousVersion },
      ...showChange(change),
    })),
    stageHistory: row.stageChanges.map(({ version, fromStage, toStage, ...change }) => ({
      ...{ version, fromStage, toStage },
      ...showChange(change),
    })),
    runs: runs.map(showRun),
    loggedModels: loggedModels.map(showLoggedModel),
  };
}

/** The runs and logged models that versions were made by, or whose files are theirs. */
async function collectOwners(
  db: DatabaseReader,
  versions: readonly { readonly runId: string | null; readonly loggedModelId: string | null }[],
  places: readonly VersionPlace[],
) {
  const idsOf = (kind: VersionPlace['owner']['kind']) =>
    places.flatMap(({ owner }) => (owner.kind === kind ? [owner.id] : []));
  const runIds = [...new Set([...versions.flatMap(({ runId }) => runId ?? []), ...idsOf('run')])];
  const modelIds = [
    ...new Set([...versions.flatMap(({ loggedModelId }) => loggedModelId ?? []), ...idsOf('logged-model')]),
  ];
  const order = { orderBy: { id: 'asc' } } as const;
  return {
    runs: await db.run.findMany({ where: { id: { in: runIds } }, include: RUN_PARTS, ...order }),
    loggedModels: await db.loggedModel.findMany({
      ...{ where: { id: { in: modelIds } }, include: LOGGED_MODEL_PARTS },
      ...order,
    }),
  };
}

/** Files of an experiment with a location of its own are there, not in the artifact store. */
const isKeptHere = ({ experiment }: ArchivedOwner): boolean => experiment.artifactLocation === null;
