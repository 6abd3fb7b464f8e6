import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningService, startHarness, type TrainingHarness } from './training-harness.js';

let harness: TrainingHarness;
let training: RunningService;
beforeAll(async () => {
  harness = await startHarness();
  training = await harness.startTraining();
}, 90_000);
afterAll(() => harness?.dispose());

const over = ['succeeded', 'failed', 'cancelled'];
const ended = (id: string, service = training) =>
  eventually(
    async () => {
      const { body } = await service.call({ path: `/api/v1/training-runs/${id}` });
      expect(over).toContain(body.state);
      return body;
    },
    { timeoutMs: 60_000 },
  );
const retrain = async (body: object = {}): Promise<string> => {
  const answer = await training.call({ method: 'POST', path: '/retrain', body });
  expect(answer).toMatchObject({ status: 202, body: { training_run_id: expect.any(String) } });
  return answer.body.training_run_id;
};

describe('POST /retrain', () => {
  it('trains four families, registers the best as a version and puts it live', async () => {
    const run = await ended(await retrain({ reason: 'first version' }));
    expect(run).toMatchObject({ state: 'succeeded', stage: 'done', progress: 1, data_origin: 'folder', error: null });
  }, 90_000);
});
