import { createHmac } from 'node:crypto';

export interface SignedDelivery {
  readonly id: string;
  readonly body: string;
  /** Null: the receiver asked for no signature. */
  readonly secret: string | null;
  readonly at: Date;
}

/**
 * The headers of a delivery, by MLflow's scheme (mlflow.org/docs/latest/ml/webhooks, after standardwebhooks.com): HMAC-SHA256 over id, time in
 * seconds and body. The id is the same on every try, so that a receiver can tell a repeat.
 */
export function signDelivery({ id, body, secret, at }: SignedDelivery): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'x-mlflow-delivery-id': id,
    'x-mlflow-timestamp': timestamp,
  };
  if (secret === null) return headers;
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'x-mlflow-signature': `v1,${digest}` };
}
