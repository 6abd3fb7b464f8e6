import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { encodeWire, ScoredRows, ScoreRows } from '@gimbal/contracts';

/** Stands for serving: version n gives a row the probability of its `age` times n; it refuses rows without one. */
export async function startServingStub(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, reply) => {
    const { version, rows } = ScoreRows.parse(await json(request));
    const scored = rows.map(({ age }) => {
      if (typeof age !== 'number') return { outcome: null, refusal: 'age is required' };
      const probability = age * version.version;
      return {
        outcome: { prediction: Number(probability >= 0.5), probability, classProbabilities: [] },
        refusal: null,
      };
    });
    reply.setHeader('content-type', 'application/json').end(JSON.stringify(encodeWire(ScoredRows, { rows: scored })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
