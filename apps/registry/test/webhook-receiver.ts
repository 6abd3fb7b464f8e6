import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that a receiver got. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers to its calls, in order; the last answer again and again. */
type Answers = readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];

export interface WebhookReceiver {
  readonly url: string;
  readonly calls: ReceivedCall[];
  close(): Promise<void>;
}

/** A server outside that takes what webhooks send. */
export async function startReceiver(answers: Answers = [{ status: 200 }]): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, headers = {} } = answers[Math.min(calls.length, answers.length - 1)] ?? { status: 200 };
      calls.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(status, headers).end('noted');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/hooks?token=1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Checks a call as MLflow's documentation tells receivers to (mlflow.org/docs/latest/ml/webhooks), and nothing of ours is used for it. */
export function isSigned({ headers, body }: ReceivedCall, secret: string): boolean {
  const [version, sent = ''] = String(headers['x-mlflow-signature']).split(',');
  const age = Math.abs(Date.now() / 1_000 - Number(headers['x-mlflow-timestamp']));
  const content = `${headers['x-mlflow-delivery-id']}.${headers['x-mlflow-timestamp']}.${body}`;
  const expected = createHmac('sha256', secret).update(content).digest();
  const signature = Buffer.from(sent, 'base64');
  return version === 'v1' && age < 300 && signature.length === expected.length && timingSafeEqual(signature, expected);
}
