import { closeAbandonedRuns, openRun } from './test-run.mjs';

export default async function setUp() {
  await closeAbandonedRuns();
  process.env.GIMBAL_TEST_RUN = openRun();
}
