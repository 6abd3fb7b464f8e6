import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Everything before this point was accepted by the queue. */
const ShippingPosition = z.strictObject({ segment: z.int().min(0), bytes: z.int().min(0) });
export type ShippingPosition = z.infer<typeof ShippingPosition>;

/** Of every position alike, so that one overwrites the other whole; within a sector, which a disk writes at once or not. */
const CURSOR_BYTES = 64;
const cursorPath = (directory: string): string => join(directory, 'cursor.json');

/** One that is absent or unreadable means "from the beginning", which ships again what the consumer then ignores. */
export async function readCursor(directory: string): Promise<ShippingPosition> {
  try {
    return ShippingPosition.parse(JSON.parse(await readFile(cursorPath(directory), 'utf8')));
  } catch {
    return { segment: 0, bytes: 0 };
  }
}

/**
 * The file that tells the next process where shipping stands. It is overwritten in place, by one call that reaches the kernel's memory: a new file
 * under the old name, or a thread that writes it, would cost more than all else that is done for a job. A power loss may bring an older position
 * back, never one that was not reached.
 */
export class ShippingCursor {
  private readonly path: string;
  private descriptor: number | undefined;

  constructor(directory: string) {
    this.path = cursorPath(directory);
  }

  /** @throws the file system's error */
  keep(position: ShippingPosition): void {
    this.descriptor ??= openSync(this.path, constants.O_WRONLY | constants.O_CREAT, 0o600);
    writeSync(this.descriptor, JSON.stringify(position).padEnd(CURSOR_BYTES), 0);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
