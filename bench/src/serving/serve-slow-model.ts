import { randomUUID } from 'node:crypto';
import { GimbalClient } from '@gimbal/client';
import type { Installation } from '../installation.js';
import { awaitAnswer, type Contender } from './contenders.js';
import { SLOW_BODY, SLOW_SIGNATURE, slowGraph } from './slow-model.js';

const MODEL = 'slow';

/** The same servers, asked for the slow model. */
export const asSlow = (contender: Contender): Contender => ({
  ...contender,
  url: contender.url.replace('/models/bench/', `/models/${MODEL}/`),
});

/**
 * Registers a model that multiplies matrices of `size` x `size` numbers for each row, makes it live, and waits until it answers.
 * @param contender gateway and serving of that installation
 */
export async function serveSlowModel({ url, keys }: Installation, contender: Contender, size: number): Promise<void> {
  const client = new GimbalClient({ url, apiKey: keys['admin'] ?? '' });
  const metadata = {
    ...{ algorithm: 'matrices', signature: SLOW_SIGNATURE },
    evaluation: { holdout: null, cross_validation: null, versus_live: [] },
  };
  const form = new FormData();
  form.append('metadata', JSON.stringify(metadata));
  form.append('file', new Blob([new Uint8Array(slowGraph(size))]), 'slow.onnx');
  const { version } = await client.upload('registerVersion', { model: MODEL }, form);
  await client.call('promoteVersion', {
    params: { model: MODEL, version },
    body: { expected_live_version: null, decision_id: randomUUID(), reason: 'For the benchmark.', force: true },
  });
  await awaitAnswer(asSlow(contender), SLOW_BODY);
}
