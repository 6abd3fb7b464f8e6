import { expect, it } from '@jest/globals';
import { Replica } from './replica.js';

/** A replica whose answers come when the test says so. */
function stage() {
  const sent: PromiseWithResolvers<Uint8Array>[] = [];
  const client = {
    ready: true,
    load: 0,
    start: () => undefined,
    stop: () => undefined,
    send: () => {
      const answer = Promise.withResolvers<Uint8Array>();
      sent.push(answer);
      return answer.promise;
    },
  };
  const replica = new Replica('r', client);
  return { replica, sent };
}

const ITEM = new Uint8Array();
const REFUSALS_MAX = 5;

it('rests for a time that doubles, is tried by one request, and takes all of them once that is answered', async () => {
  const { replica, sent } = stage();
  replica.tellSilent(0);
  expect(replica.takes(99)).toBe(false);
  expect(replica.takes(100)).toBe(true);
  const first = replica.send(ITEM);
  expect(replica.takes(100)).toBe(false);
  sent[0]?.reject(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  replica.tellSilent(100);
  expect(replica.takes(299)).toBe(false);
  const second = replica.send(ITEM);
  expect(replica.takes(300)).toBe(false);
  sent[1]?.resolve(ITEM);
  await second;
  replica.tellAnswered();
  expect(replica.takes(300)).toBe(true);
});

// A request that says nothing of the replica must not be the last that ever tries it.
it.each(['is refused', 'is too large to be sent', 'is late for its caller'])(
  'is tried again when the request that tried it %s',
  async (how) => {
    const { replica, sent } = stage();
    replica.tellSilent(0);
    for (let tries = 0; tries < REFUSALS_MAX - 1; tries++) {
      expect(replica.takes(100)).toBe(true);
      const tried = replica.send(ITEM);
      expect(replica.takes(100)).toBe(false);
      if (how === 'is refused') sent.at(-1)?.resolve(ITEM);
      else sent.at(-1)?.reject(new Error(how));
      await tried.catch(() => undefined); // only that it is over matters
      if (how === 'is refused') replica.tellRefused(100);
    }
    expect(replica.takes(100)).toBe(true);
  },
);

it('rests after five refusals in a row', () => {
  const { replica } = stage();
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals++) {
    expect(replica.takes(0)).toBe(true);
    replica.tellRefused(0);
  }
  expect(replica.takes(0)).toBe(false);
});
