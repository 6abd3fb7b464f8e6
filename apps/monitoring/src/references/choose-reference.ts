import { type PerformanceBaseline, type ReferenceProfile, stricterBaseline } from '@gimbal/domain';
import { deriveBaseline } from './derive-baseline.js';
import type { JudgedVersion } from './judged-version.js';

/** A version with the profile it was registered with, if any. */
export interface ProfiledVersion {
  readonly version: JudgedVersion;
  readonly profile: ReferenceProfile | null;
}

/** With what a window is compared, and why with that. */
export interface Reference {
  /** Null when nothing is known of what the inputs looked like in training. */
  readonly profile: ReferenceProfile | null;
  /** The version the profile belongs to; `own` tells whether its answers, too, can be compared. */
  readonly profileSource: { readonly version: number; readonly own: boolean; readonly digest: string | null } | null;
  readonly baseline: PerformanceBaseline | null;
  /** `profile`: held-out rows with their spread; `evaluation`: only the metrics of registration. */
  readonly baselineSource: { readonly version: number; readonly from: 'profile' | 'evaluation' } | null;
  readonly notes: readonly string[];
}

interface Bar {
  readonly baseline: PerformanceBaseline;
  readonly version: number;
  readonly from: 'profile' | 'evaluation';
}

/**
 * Chooses what a version is compared with: its own profile and its own admitted performance.
 *
 * A version that the gate did not admit (it was forced live, or never judged) does not lower the bar: it is held against the stricter of its
 * own performance and the last admitted version's. A version without a profile borrows the inputs of the last admitted version's with the same
 * features; the answers are not compared then, because another model gives other answers to the same inputs.
 * @param admitted the model's other admitted versions, the last one first
 */
export function chooseReference(judged: ProfiledVersion, admitted: readonly ProfiledVersion[]): Reference {
  const { version, profile } = judged;
  const notes: string[] = [];
  const lender = profile ? null : (admitted.find((other) => other.profile && sharesFeatures(other, version)) ?? null);
  if (lender)
    notes.push(
      `Version ${version.version} has no reference profile: its inputs are compared with those of version ${lender.version.version}, its answers are not.`,
    );
  const source = profile ? judged : lender;
  const bar = chooseBar(judged, admitted);
  if (bar && bar.version !== version.version)
    notes.push(
      version.isAdmitted === true
        ? `Version ${version.version} has no performance on record: it is held against version ${bar.version}.`
        : `The gate did not admit version ${version.version}: it is held against version ${bar.version}, the last admitted one.`,
    );
  return {
    profile: source?.profile ?? null,
    profileSource: source && {
      version: source.version.version,
      own: source === judged,
      digest: source.version.profileDigest,
    },
    baseline: bar?.baseline ?? null,
    baselineSource: bar && { version: bar.version, from: bar.from },
    notes,
  };
}

function chooseBar(judged: ProfiledVersion, admitted: readonly ProfiledVersion[]): Bar | null {
  const own = barOf(judged);
  if (own && judged.version.isAdmitted === true) return own;
  // Losses of another task, or over other classes, are no bar.
  const comparable = admitted.filter(({ version }) => answersAlike(version, judged.version));
  const former = comparable.map(barOf).find((bar) => bar !== null) ?? null;
  const stricter = stricterBaseline(own?.baseline ?? null, former?.baseline ?? null);
  return stricter === null || stricter === own?.baseline ? own : former;
}

function barOf({ version: { version, task, evaluation }, profile }: ProfiledVersion): Bar | null {
  if (profile?.performance?.task === task) return { baseline: profile.performance, version, from: 'profile' };
  const baseline = evaluation && deriveBaseline(task, evaluation);
  return baseline && { baseline, version, from: 'evaluation' };
}

const answersAlike = (one: JudgedVersion, other: JudgedVersion): boolean =>
  one.task === other.task && one.classes.join('\n') === other.classes.join('\n');

function sharesFeatures({ profile }: ProfiledVersion, { features }: JudgedVersion): boolean {
  const names = new Map(features.map(({ name, type }) => [name, type]));
  return profile?.features.every(({ name, type }) => names.get(name) === type) === true;
}
