import type { VersionsQuery } from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { InvalidInputError } from '@gimbal/platform';
import type { z } from 'zod';

type Asked = Omit<z.output<typeof VersionsQuery>, 'limit' | 'cursor' | 'tag' | 'text'>;

/** Measurements that have a column of their own. */
const COLUMNS = new Map([
  ['accuracy', 'accuracy'],
  ['f1_score', 'f1Score'],
  ['precision', 'precision'],
  ['recall', 'recall'],
  ['roc_auc', 'rocAuc'],
] as const satisfies readonly (readonly [string, keyof Prisma.ModelVersionWhereInput])[]);

/** What is asked of a version, to be fulfilled all together. @throws InvalidInputError for limits without a metric, or the other way round */
export function versionConditions(asked: Asked): Prisma.ModelVersionWhereInput[] {
  const { framework, algorithm, stage, minAccuracy, alias, served } = asked;
  return [
    ...(framework === undefined ? [] : [{ framework }]),
    ...(algorithm === undefined ? [] : [{ algorithm }]),
    ...(stage === undefined ? [] : [{ stage }]),
    ...(minAccuracy === undefined ? [] : [{ accuracy: { gte: minAccuracy } }]),
    ...(alias === undefined ? [] : [{ aliases: { some: { alias } } }]),
    ...(served === undefined ? [] : [{ unservedReason: served === 'true' ? null : { not: null } }]),
    ...metricCondition(asked),
  ];
}

/** A tag `key` or `key=value` of a row with a column of tags. */
export function tagCondition(tag: string | undefined) {
  if (tag === undefined) return [];
  const at = tag.indexOf('=');
  const [key, value] = at < 0 ? [tag, undefined] : [tag.slice(0, at), tag.slice(at + 1)];
  return [{ tags: value === undefined ? { path: [key], string_contains: '' } : { path: [key], equals: value } }];
}

/** A condition "has this text" for text columns. Signs that mean something in a pattern are taken as they are. */
export const hasText = (text: string) =>
  ({ contains: text.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' }) as const;

function metricCondition({ metric, min, max }: Asked): Prisma.ModelVersionWhereInput[] {
  const limits = { ...(min !== undefined && { gte: min }), ...(max !== undefined && { lte: max }) };
  const isLimited = Object.keys(limits).length > 0;
  if (metric === undefined && !isLimited) return [];
  if (metric === undefined) throw new InvalidInputError([{ path: 'metric', message: 'is needed with min or max' }]);
  if (!isLimited) throw new InvalidInputError([{ path: 'metric', message: 'needs min, max or both' }]);
  const column = COLUMNS.get(metric as never); // any text may be asked for
  return [
    {
      OR: [
        ...(column ? [{ [column]: limits }] : []),
        { evaluation: { path: ['holdout', metric], ...limits } },
        { evaluation: { path: ['scores', 'values', metric], ...limits } },
        { run: { latestMetrics: { some: { key: metric, value: limits } } } },
      ],
    },
  ];
}
