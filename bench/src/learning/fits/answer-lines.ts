/**
 * The kernel's side as a program: for each line on standard input (a request of requests.ts) one line with what it cost. `--ready` is
 * said before the first one.
 */
import { createInterface } from 'node:readline';
import { KERNEL_VERSION } from '@gimbal/learning';
import { createAnswerer } from './answer-request.js';
import type { BenchRequest } from './requests.js';

const answer = createAnswerer();
process.stdout.write(`${JSON.stringify({ kernel: KERNEL_VERSION })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as BenchRequest; // written by the benchmark itself
  process.stdout.write(`${JSON.stringify(await answer(request))}\n`);
}
