import type { PredictAnswer } from '@gimbal/contracts';

/** An answer in JSON, as the foreign protocols label it. */
export const answerJson = (body: unknown, status = 200): PredictAnswer => ({
  status,
  contentType: 'application/json',
  retryAfterSeconds: 0,
  body: Buffer.from(JSON.stringify(body)),
});
