import { GrpcFailure } from './grpc-failure.js';
import type { MessageEncoding } from './message-encoding.js';

const PREFIX_BYTES = 5;

/** One message as it was sent. */
export interface SentMessage {
  readonly bytes: Uint8Array;
  /** How it is compressed; undefined: not at all. */
  readonly encoding: MessageEncoding | undefined;
}

/** Cuts what a call sends into messages: `u8 compressed` · `u32 bytes`, big-endian · the message. */
export class MessageCutter {
  /** The beginning of a message that is not complete; grows by doubling, so that neither small pieces nor a large length cost memory. */
  private begun = Buffer.alloc(0);
  private begunBytes = 0;

  /** @param bytesMax of one message. @param encoding of those that say that they are compressed; undefined: none may */
  constructor(
    private readonly bytesMax: number,
    private readonly encoding: MessageEncoding | undefined,
  ) {}

  /** Bytes of a message that is not complete. */
  get held(): number {
    return this.begunBytes;
  }

  /**
   * @returns the messages that are complete with this, as views where they came in one piece
   * @throws GrpcFailure `RESOURCE_EXHAUSTED` as soon as a message says that it is too long, `INTERNAL` for one that is not framed as gRPC has it
   */
  take(chunk: Buffer): readonly SentMessage[] {
    const bytes = this.begunBytes === 0 ? chunk : this.append(chunk);
    const messages: SentMessage[] = [];
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const flag = bytes[at] ?? 0;
      const length = bytes.readUInt32BE(at + 1);
      if (flag > 1) throw new GrpcFailure('INTERNAL', 'A message does not begin as gRPC has it.');
      if (flag === 1 && !this.encoding)
        throw new GrpcFailure('INTERNAL', 'A message is compressed, and grpc-encoding does not say how.');
      if (length > this.bytesMax)
        throw new GrpcFailure('RESOURCE_EXHAUSTED', `A message may have at most ${this.bytesMax} bytes.`);
      const end = at + PREFIX_BYTES + length;
      if (end > bytes.length) break;
      messages.push({
        bytes: bytes.subarray(at + PREFIX_BYTES, end),
        encoding: flag === 1 ? this.encoding : undefined,
      });
      at = end;
    }
    if (bytes === chunk) {
      if (at < chunk.length) this.append(chunk.subarray(at));
    } else if (at > 0) {
      this.begun = Buffer.from(bytes.subarray(at)); // messages are views of what was gathered until now
      this.begunBytes = this.begun.length;
    }
    return messages;
  }

  private append(chunk: Buffer): Buffer {
    const { begun, begunBytes } = this;
    const bytes = begunBytes + chunk.length;
    if (bytes > begun.length) {
      this.begun = Buffer.allocUnsafe(Math.max(bytes, 2 * begun.length));
      begun.copy(this.begun, 0, 0, begunBytes);
    }
    chunk.copy(this.begun, begunBytes);
    this.begunBytes = bytes;
    return this.begun.subarray(0, bytes);
  }
}

/** A message with its prefix, uncompressed. */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.byteLength);
  framed[0] = 0;
  framed.writeUInt32BE(message.byteLength, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}
