import type { DatabaseReader } from '@gimbal/db';
import { notThere } from '../mlflow-error.js';
import { checkModelName, readVersionNumber } from './check-names.js';
import { SHOWN_MODEL, SHOWN_VERSION, type ShownModel, type ShownVersion } from './show-models.js';

export const modelNotThere = (name: string) => notThere(`Registered Model with name=${name} not found`);

/** A model. @throws MlflowError when there is none */
export async function findModel(db: DatabaseReader, name: string): Promise<ShownModel> {
  const row = await db.model.findUnique({ where: { name: checkModelName(name) }, select: SHOWN_MODEL });
  if (!row) throw modelNotThere(name);
  return row;
}

/** How a call names a version: its number is text. */
export interface VersionName {
  readonly name: string;
  readonly version: string;
}

/** The key of a version. @throws MlflowError when its model or its number can be none */
export const keyOf = ({ name, version }: VersionName): { readonly modelName: string; readonly version: number } => ({
  modelName: checkModelName(name),
  version: readVersionNumber(version),
});

export const versionNotThere = ({ name, version }: VersionName) =>
  notThere(`Model Version (name=${name}, version=${version}) not found`);

/** A version. @throws MlflowError when there is none */
export async function findVersion(db: DatabaseReader, named: VersionName): Promise<ShownVersion> {
  const where = { modelName_version: keyOf(named) };
  const row = await db.modelVersion.findUnique({ where, select: SHOWN_VERSION });
  if (!row) throw versionNotThere(named);
  return row;
}

/** The latest version of each stage of some models, by model. */
export async function findLatestVersions(
  db: DatabaseReader,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ShownVersion[]>> {
  if (names.length === 0) return new Map();
  const latest = await db.modelVersion.groupBy({
    by: ['modelName', 'stage'],
    where: { modelName: { in: [...names] } },
    _max: { version: true },
  });
  const keys = latest.map(({ modelName, _max }) => ({ modelName, version: _max.version ?? 0 }));
  const rows =
    keys.length === 0
      ? []
      : await db.modelVersion.findMany({ where: { OR: keys }, select: SHOWN_VERSION, orderBy: { version: 'asc' } });
  return Map.groupBy(rows, ({ modelName }) => modelName);
}
