import { Agent, type IncomingMessage, request } from 'node:http';
import type { Contender } from './contenders.js';

/** One call of MLflow's REST: a path below `/api/2.0/mlflow`, and the members of its message. */
export interface Call {
  readonly path: string;
  readonly members: object;
}

/** Keeps connections open between calls. */
export const keepAlive = (connections: number): Agent => new Agent({ keepAlive: true, maxSockets: connections });

/** Sends a call and reads the whole answer. @throws Error when it is not 200 */
export async function post({ url, headers, name }: Contender, { path, members }: Call, agent: Agent): Promise<string> {
  const body = JSON.stringify(members);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const options = {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    const call = request(`${url}/api/2.0/mlflow/${path}`, options, (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
    });
    call.on('error', reject);
    call.end(body);
  });
  if (status !== 200) throw new Error(`${name} answered ${path} with ${status}: ${text.slice(0, 500)}`);
  return text;
}

async function readText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer); // without an encoding a stream gives buffers
  return Buffer.concat(parts).toString('utf8');
}
