// A member of a thread team that claims every part it can and never does one, as a helper does whose thread lost the core at once: it hands
// in, long after the part was taken back, only if nobody noticed.
import { parentPort } from 'node:worker_threads';
import './strip-types.mjs';

const { CONTROL_BYTES, PART_BYTES } = await import('../src/wasm/layout.ts');
const CLAIMED = 1;
const HANDED_IN = 2;

parentPort.on('message', ({ memory, control }) => {
  const words = new Int32Array(memory.buffer);
  const at = control / 4;
  const firstPart = at + CONTROL_BYTES / 4;
  const isOver = () => Atomics.load(words, at + 1) === 1;
  let claimed = 0;
  let late = 0;
  while (!isOver()) {
    const task = Atomics.load(words, at);
    const parts = Atomics.load(words, at + 4);
    for (let part = parts - 1; part >= 0; part--) {
      const state = firstPart + (part * PART_BYTES) / 4;
      if (Atomics.compareExchange(words, state, 4 * task, 4 * task + CLAIMED) !== 4 * task) continue;
      claimed++;
      while (!isOver() && Atomics.load(words, at) === task);
      const found = Atomics.compareExchange(words, state, 4 * task + CLAIMED, 4 * task + HANDED_IN);
      if (found !== 4 * task + CLAIMED) late++;
      break;
    }
  }
  parentPort.postMessage({ claimed, late });
});
parentPort.postMessage('ready');
