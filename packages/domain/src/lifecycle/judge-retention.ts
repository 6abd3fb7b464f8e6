/** Why a version stays, beside being new. */
export const RETENTION_USES = [
  'live',
  'in-traffic',
  'in-traffic-lately',
  'alias',
  'parent',
  'decision',
  'predictions',
  'monitored',
  'agent-action',
  'training',
  'batch-prediction',
] as const;
export type RetentionUse = (typeof RETENTION_USES)[number];
export type RetentionReason = 'newest' | 'recent' | RetentionUse;

/** How long versions of a model are kept. */
export interface RetentionPolicy {
  /** The newest so many stay; at least 1. */
  readonly keepVersions: number;
  /** And all that are not older than so many days. */
  readonly keepDays: number;
}

export interface RetainedVersion {
  readonly version: number;
  readonly createdAt: Date;
  readonly uses: readonly RetentionUse[];
}

const DAY_MS = 86_400_000;

/**
 * Why each version of a model stays, all reasons at once; one without a reason may go. Being used always keeps, whatever the policy says.
 * @param versions all of the model, in any order
 */
export function judgeRetention(
  versions: readonly RetainedVersion[],
  { keepVersions, keepDays }: RetentionPolicy,
  now: Date,
): ReadonlyMap<number, readonly RetentionReason[]> {
  const newest = versions.map(({ version }) => version).sort((one, other) => other - one);
  const kept = new Set(newest.slice(0, Math.max(keepVersions, 1)));
  const since = now.getTime() - keepDays * DAY_MS;
  return new Map(
    versions.map(({ version, createdAt, uses }) => [
      version,
      [
        ...(kept.has(version) ? ['newest' as const] : []),
        ...(createdAt.getTime() >= since ? ['recent' as const] : []),
        ...uses,
      ],
    ]),
  );
}
