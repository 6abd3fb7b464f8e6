import type { DatasetDefinition, DatasetPart } from '@gimbal/contracts';
import { COHORT_SEED, DomainError, generateCohort } from '@gimbal/domain';

/**
 * Makes the stand-in of one part as CSV with a header. Only the heart-disease dataset has one.
 * @throws DomainError `dataset-invalid` for a dataset that cannot be synthesised
 */
export function synthesizePart(definition: DatasetDefinition, part: DatasetPart): string {
  const names = definition.columns.map(({ name }) => name);
  const patients = generateCohort({ hospital: part.name, rows: part.rows, seed: COHORT_SEED });
  if (names.some((name) => patients[0] && !(name in patients[0])))
    throw new DomainError(
      'dataset-invalid',
      `${definition.name} could not be downloaded, and there is no synthetic stand-in for it. Give its files in GIMBAL_DATA_DIR.`,
    );
  const lines = patients.map((patient) => names.map((name) => patient[name] ?? definition.missingToken).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}
