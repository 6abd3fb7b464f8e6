import { countDuplicateRows } from '../profile/count-duplicate-rows.js';
import { buildMissingColumn, type FeatureColumn, type FeatureDefinition } from '../profile/feature-column.js';
import { distinctValues, type FeatureProfile, profileFeature } from '../profile/feature-profile.js';
import type { ReferenceProfile } from '../profile/reference-profile.js';
import { adjustBenjaminiHochberg } from '../statistics/benjamini-hochberg.js';
import { compareProportions } from '../statistics/compare-proportions.js';
import { wilsonInterval } from '../statistics/wilson-interval.js';
import { findQualityIssues, type QualityIssue } from './find-quality-issues.js';
import { DEFAULT_QUALITY_OPTIONS, type QualityOptions } from './quality-options.js';
import type { FeatureQuality, QualityAssessment, QualityFinding } from './quality-result.js';

/** A window to look at; the reference is null before a first training, and then only the definitions are checked. */
export interface QualityInput {
  readonly columns: readonly FeatureColumn[];
  readonly definitions: readonly FeatureDefinition[];
  readonly reference: ReferenceProfile | null;
  readonly options?: Partial<QualityOptions>;
}

const WHOLE = { distinctMax: Number.POSITIVE_INFINITY, quantiles: 1 };

/**
 * Judges whether the rows of a window are what they claim to be.
 *
 * *Invalid* values (wrong type, infinite, outside the declared range or codes, zeros where none were, a stuck measurement, missing
 * where refused) are a fault once they are beyond doubt half of a column or more; fewer are a warning. *Suspicious* patterns of valid
 * values (more missing than before, unseen codes, one code only, beyond the training range, duplicate rows) are warnings, never
 * faults: the model can still be right about them, and only labels can tell. A declared feature that the window lacks counts as missing
 * in every row; a column without a definition is only looked at for duplicates. Never throws on data.
 */
export function assessQuality(input: QualityInput): QualityAssessment {
  const options = { ...DEFAULT_QUALITY_OPTIONS, ...input.options };
  const rows = input.columns[0]?.values.length ?? 0;
  const duplicateRows = countDuplicateRows(input.columns);
  const sides = input.definitions.map((definition) => {
    const column = input.columns.find(({ name }) => name === definition.name) ?? buildMissingColumn(definition, rows);
    const reference = input.reference?.features.find(({ name }) => name === definition.name) ?? null;
    return { definition, reference, current: profileFeature(column, WHOLE), options };
  });
  const issues = [
    ...sides.flatMap(findQualityIssues),
    ...findDuplicates(input.reference, { hits: duplicateRows, rows }),
  ];
  const findings = judgeIssues(issues, options);
  const faults = findings.filter(({ severity }) => severity === 'fault');
  return {
    verdict: faults.length > 0 ? 'fault' : findings.length > 0 ? 'warning' : 'ok',
    reasons: (faults.length > 0 ? faults : findings).map(describeFinding),
    rows,
    duplicateRows,
    findings,
    features: sides.map(({ current, reference }) => summarizeFeature(current, reference)),
    options,
  };
}

function findDuplicates(reference: ReferenceProfile | null, seen: { hits: number; rows: number }): QualityIssue[] {
  if (seen.hits === 0) return [];
  const before = { hits: reference?.duplicateRows ?? 0, rows: reference?.rows ?? seen.rows };
  const { pValue } = compareProportions(before, seen);
  return [
    {
      feature: null,
      check: 'duplicate-rows',
      kind: 'suspicious',
      seen,
      reference: before,
      pValue,
      detail: 'rows equal to an earlier row',
    },
  ];
}

/** Facts stand; comparisons need the corrected p and a rise that matters. */
function judgeIssues(issues: readonly QualityIssue[], options: QualityOptions): QualityFinding[] {
  const adjusted = adjustBenjaminiHochberg(issues.map(({ pValue }) => pValue));
  const findings = issues.flatMap((issue, i): QualityFinding[] => {
    const { seen, reference, feature, check, detail } = issue;
    const share = seen.hits / seen.rows;
    const referenceShare = reference && reference.rows > 0 ? reference.hits / reference.rows : null;
    const adjustedPValue = adjusted[i] ?? null;
    const rose =
      adjustedPValue === null ||
      (adjustedPValue <= options.significance && share - (referenceShare ?? 0) >= options.shareRiseMin);
    if (!rose) return [];
    const isFault =
      issue.kind === 'invalid' &&
      wilsonInterval(seen.hits, seen.rows, options.faultLevel).lower >= options.faultShareMin;
    return [
      {
        feature,
        check,
        severity: isFault ? 'fault' : 'warning',
        rows: seen.hits,
        ofRows: seen.rows,
        share,
        referenceShare,
        adjustedPValue,
        detail,
      },
    ];
  });
  return findings.toSorted(
    (a, b) => Number(b.severity === 'fault') - Number(a.severity === 'fault') || b.share - a.share,
  );
}

const describeFinding = ({ feature, check, rows, ofRows, detail }: QualityFinding): string =>
  `${feature ?? 'rows'}: ${check}, ${rows} of ${ofRows} (${detail})`;

function summarizeFeature(current: FeatureProfile, reference: FeatureProfile | null): FeatureQuality {
  return {
    feature: current.name,
    rows: current.rows,
    missing: current.missing,
    missingShare: current.rows === 0 ? 0 : current.missing / current.rows,
    referenceMissingShare: reference && reference.rows > 0 ? reference.missing / reference.rows : null,
    malformed: current.malformed,
    infinite: current.type === 'numeric' ? current.infinite : 0,
    distinct: distinctValues(current),
    min: current.type === 'numeric' ? current.min : null,
    max: current.type === 'numeric' ? current.max : null,
  };
}
