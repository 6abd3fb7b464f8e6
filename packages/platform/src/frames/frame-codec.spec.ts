import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, FRAME_KIND, type Frame, FrameDecoder, FrameFault } from './frame-codec.js';

const NOTHING = new Uint8Array();
/** Not copied on its way out. */
const LARGE = Uint8Array.from({ length: 5_000 }, (_, index) => index);

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constantFrom(...Object.values(FRAME_KIND)),
  id: fc.integer({ min: 0, max: 0xffff_ffff }),
  entries: fc.array(
    fc.record({
      position: fc.integer({ min: 0, max: 0xffff_ffff }),
      bytes: fc.uint8Array({ maxLength: 300 }),
      rest: fc.oneof(fc.constant(undefined), fc.uint8Array({ maxLength: 300 }), fc.constant(LARGE)),
    }),
    { maxLength: 20 },
  ),
});

const plain = ({ kind, id, entries }: Frame) => ({
  kind,
  id,
  entries: entries.map(({ position, bytes, rest = NOTHING }) => [
    position,
    Buffer.concat([bytes, rest]).toString('hex'),
  ]),
});

it('gives back every frame, wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 200 })), (frames, cuts) => {
      const stream = Buffer.concat(frames.map(encodeFrame));
      const decoder = new FrameDecoder(1_000_000);
      const seen: unknown[] = [];
      let offset = 0;
      for (const cut of [...cuts, stream.length]) {
        for (const frame of decoder.decode(stream.subarray(offset, offset + cut))) seen.push(plain(frame));
        offset = Math.min(stream.length, offset + cut);
      }
      expect(seen).toEqual(frames.map(plain));
    }),
  );
});

it('answers garbage with a FrameFault or waits for more, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (chunks) => {
      const decoder = new FrameDecoder(4_096);
      try {
        for (const chunk of chunks) for (const _ of decoder.decode(Buffer.from(chunk)));
      } catch (error) {
        expect(error).toBeInstanceOf(FrameFault);
      }
    }),
    { numRuns: 500 },
  );
});

it('answers a frame with one altered byte with a FrameFault, a frame of the same size, or waits', () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, where, change) => {
      const bytes = encodeFrame(frame);
      const at = where % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ change;
      try {
        let total = 0;
        for (const { entries } of new FrameDecoder(65_536).decode(bytes))
          for (const entry of entries) total += entry.bytes.byteLength;
        expect(total).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error).toBeInstanceOf(FrameFault);
      }
    }),
    { numRuns: 500 },
  );
});

it('refuses a frame above the limit when its length arrives, before any memory is taken', () => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(0xffff_ffff);
  expect(() => [...new FrameDecoder(1_000).decode(length)]).toThrow(FrameFault);
  const counted = encodeFrame({ kind: FRAME_KIND.request, id: 1, entries: [] });
  counted.writeUInt32LE(0xffff_ffff, 9);
  expect(() => [...new FrameDecoder(1_000).decode(counted)]).toThrow('more entries than it has room for');
});

it('takes more from the next frame on once that is allowed', () => {
  const big = encodeFrame({ kind: FRAME_KIND.request, id: 1, entries: [{ position: 0, bytes: Buffer.alloc(2_000) }] });
  const decoder = new FrameDecoder(100);
  decoder.allow(4_000);
  expect([...decoder.decode(big)]).toHaveLength(1);
});
