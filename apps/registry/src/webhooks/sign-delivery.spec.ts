import { expect, it } from '@jest/globals';
import { signDelivery } from './sign-delivery.js';

// Reference: _generate_hmac_signature of mlflow 3.17.2 (mlflow/webhooks/delivery.py) with these very arguments.
it('signs as MLflow does', () => {
  const id = '3f1c4a0e-6f0e-4a0b-9d0f-2b8c1f0d9a11';
  const body = '{"entity": "model_version", "data": {"name": "größe"}}';
  expect(signDelivery({ id, body, secret: 'a secret', at: new Date(1_700_000_000_900) })).toEqual({
    'content-type': 'application/json',
    'x-mlflow-delivery-id': id,
    'x-mlflow-timestamp': '1700000000',
    'x-mlflow-signature': 'v1,oOWD8WuWPLq5pqN5XCKCn8MUlLLez0peIfDT0HTO4Go=',
  });
});

it('leaves out the signature without a secret', () => {
  const headers = signDelivery({ id: 'an-id', body: '{}', secret: null, at: new Date(0) });
  expect(headers).not.toHaveProperty('x-mlflow-signature');
});
