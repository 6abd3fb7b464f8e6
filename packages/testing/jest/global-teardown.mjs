import { closeRun } from './test-run.mjs';

export default async function tearDown() {
  await closeRun(process.env.GIMBAL_TEST_RUN);
}
