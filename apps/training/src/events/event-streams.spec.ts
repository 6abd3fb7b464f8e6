import { DomainError } from '@gimbal/domain';
import { expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { EventStreams } from './event-streams.js';

interface Row {
  readonly revision: number;
}

/** All that is sent about a row whose looks are answered one after the other. */
async function streamOf(looks: readonly (Row | Error)[]): Promise<string> {
  const streams = new EventStreams({ training: { watchersMax: 1 } });
  const left = [...looks];
  const fastify = Fastify();
  fastify.get('/', (_request, reply) =>
    streams.open<Row>(reply, {
      event: 'row',
      find: async () => {
        const next = left.shift();
        if (!next || next instanceof Error) throw next ?? new Error('asked too often');
        return next;
      },
      show: ({ revision }) => ({ revision }),
      isOver: ({ revision }) => revision === 9,
    }),
  );
  const { body } = await fastify.inject('/');
  expect(left).toEqual([]);
  return body.replace('retry: 2000\n\n', '');
}

const event = (revision: number) => `event: row\nid: ${revision}\ndata: {"revision":${revision}}\n\n`;

it('tells each change once, also after the database was away, and ends when the row is over', async () => {
  const [one, two, last] = [{ revision: 1 }, { revision: 2 }, { revision: 9 }];
  const said = await streamOf([one, one, one, new Error('the database is away'), two, last]);
  expect(said).toBe(event(1) + event(2) + event(9));
});

it('ends when the row has been removed', async () => {
  const row = { revision: 1 };
  expect(await streamOf([row, row, new DomainError('batch-prediction-not-found', 'gone')])).toBe(event(1));
});
