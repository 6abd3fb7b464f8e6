import { encodeWire, RanAgain, ReceiptKeys, RunAgain } from '@gimbal/contracts';
import type { ServiceClient } from '@gimbal/platform';
import type { z } from 'zod';

/** A model that is out of traffic has to be fetched and examined first; the gateway waits 30 s for the whole. */
const REPLAY_TIMEOUT_MS = 25_000;

/** Serving, as far as it computes again what it said. */
export class ServingClient {
  constructor(private readonly client: Pick<ServiceClient, 'call'>) {}

  /** @throws DomainError `artifact-not-found` · `replay-unavailable` · `no-model-available` · `service-unavailable` · `timeout` */
  runAgain(asked: z.output<typeof RunAgain>): Promise<z.output<typeof RanAgain>> {
    const body = { json: encodeWire(RunAgain, asked) };
    const call = {
      method: 'POST',
      path: '/internal/replay',
      body,
      timeoutMs: REPLAY_TIMEOUT_MS,
      repeat: 'safe',
    } as const;
    return this.client.call(call, RanAgain);
  }

  receiptKeys(): Promise<z.output<typeof ReceiptKeys>> {
    return this.client.call({ method: 'GET', path: '/api/v1/receipts/keys' }, ReceiptKeys);
  }
}
