import type { DatabaseReader } from '@gimbal/db';
import { keyOf, modelNotThere, type VersionName, versionNotThere } from './model-reads.js';

/** Tags are a JSON object beside what they belong to: one statement sets or removes one, and never touches another. */

/** @throws MlflowError when there is no such model */
export async function setModelTag(
  db: DatabaseReader,
  name: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const changed = await db.$executeRaw`
    UPDATE models SET tags = tags || ${JSON.stringify(tags)}::jsonb WHERE name = ${name}`;
  if (changed === 0) throw modelNotThere(name);
}

/** @throws MlflowError when there is no such model; a tag that is not there is no fault */
export async function removeModelTag(db: DatabaseReader, name: string, key: string): Promise<void> {
  const changed = await db.$executeRaw`UPDATE models SET tags = tags - ${key}::text WHERE name = ${name}`;
  if (changed === 0) throw modelNotThere(name);
}

/** @throws MlflowError when there is no such version */
export async function setVersionTag(
  db: DatabaseReader,
  named: VersionName,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const { modelName, version } = keyOf(named);
  const changed = await db.$executeRaw`
    UPDATE model_versions SET tags = tags || ${JSON.stringify(tags)}::jsonb WHERE model_name = ${modelName} AND version = ${version}`;
  if (changed === 0) throw versionNotThere(named);
}

/** @throws MlflowError when there is no such version; a tag that is not there is no fault */
export async function removeVersionTag(db: DatabaseReader, named: VersionName, key: string): Promise<void> {
  const { modelName, version } = keyOf(named);
  const changed = await db.$executeRaw`
    UPDATE model_versions SET tags = tags - ${key}::text WHERE model_name = ${modelName} AND version = ${version}`;
  if (changed === 0) throw versionNotThere(named);
}
