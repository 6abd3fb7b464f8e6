/** Smaller chunks may lie in memory that they share with others. */
const OWN_BYTES_MIN = 16_384;

/**
 * Gives the memory of a chunk back at once, so that it must not be touched again. Chunks of a large stream outlive the young generation: the
 * collector would walk the whole heap for every few megabytes of them, which takes more CPU than hashing and writing them.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  const isOwn = byteLength >= OWN_BYTES_MIN && byteLength === buffer.byteLength;
  if (isOwn && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Hands a stream's chunks on; each is good until the next one is asked for. */
export async function* lendChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    yield chunk;
    giveBack(chunk);
  }
}
