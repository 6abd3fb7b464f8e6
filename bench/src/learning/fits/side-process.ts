import type { Algorithm } from '@gimbal/learning';
import { z } from 'zod';
import { LineProgram } from '../line-program.js';
import { createAnswerer } from './answer-request.js';
import type { BenchAnswer, BenchRequest, Side } from './requests.js';

const Answer = z.object({ cpu_seconds: z.number(), wall_seconds: z.number(), peak_mib: z.number() });

class SideProcess implements Side {
  constructor(
    private readonly program: LineProgram,
    private readonly names: Readonly<Record<string, string>>,
  ) {}

  nameOf(algorithm: Algorithm): string {
    return this.names[algorithm] ?? 'the kernel';
  }

  async ask(request: BenchRequest): Promise<BenchAnswer> {
    return Answer.parse(await this.program.askLine(JSON.stringify(request)));
  }

  end(): Promise<void> {
    return this.program.end();
  }
}

const REFERENCE = new URL('../../../src/learning/fits/reference.py', import.meta.url).pathname;
const OURS = new URL('./answer-lines.js', import.meta.url).pathname;

async function startSide(program: string, args: readonly string[]): Promise<Side> {
  const started = new LineProgram(program, args);
  const names = z.record(z.string(), z.string()).parse(await started.read());
  return new SideProcess(started, names);
}

/** A process of the kernel; needs the built program. */
export const startKernel = (): Promise<Side> => startSide(process.execPath, [OURS]);

/** A process of the Python libraries. */
export const startReference = (python: string): Promise<Side> => startSide(python, [REFERENCE]);

/** The kernel within this process: for smoke tests, which run from sources. */
export function createKernelHere(): Side {
  return { nameOf: () => 'the kernel', ask: createAnswerer(), end: async () => {} };
}
