export { COHORT_SEED, generateCohort, type SyntheticPatient } from './generate-cohort.js';
