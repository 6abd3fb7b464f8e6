import { DomainError } from '@gimbal/domain';
import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './is-database-away.js';
import { translateDatabaseFailure } from './translate-database-failure.js';

const failure = (facts: object, message = 'failed'): Error => Object.assign(new Error(message), facts);

describe('isDatabaseAway', () => {
  it.each([
    ['a refused connection', failure({ code: 'ECONNREFUSED', syscall: 'connect' })],
    ['a Unix socket that is gone', failure({ code: 'ENOENT', syscall: 'connect' })],
    ['a server that stops', failure({ code: '57P01' })],
    ['a server without a free connection', failure({ code: '53300' })],
    ['a lost connection', failure({ code: '08006' })],
    ['a pool that waited too long', new Error('timeout exceeded when trying to connect')],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ["Prisma's unreachable server", failure({ code: 'P1001' })],
    ["Prisma's waiting transaction", failure({ code: 'P2028' })],
    ['a raw query of Prisma', failure({ code: 'P2010' }, 'Raw query failed. Code: `57P01`. Message: `terminating`')],
    [
      'a kind of the driver adapter',
      failure({ meta: { driverAdapterError: { cause: { kind: 'ConnectionClosed' } } } }),
    ],
    ['a code of PostgreSQL below', failure({ cause: { originalCode: '57P03' } })],
    ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: failure({ code: 'P1017' }) }) })],
  ])('knows %s', (_name, error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    ['a taken key', failure({ code: 'P2002' })],
    ['a violated constraint', failure({ code: '23505' })],
    ['a statement that took too long', failure({ code: '57014' })],
    ['a missing file', failure({ code: 'ENOENT', syscall: 'open' })],
    ['a bug', new TypeError('undefined is not a function')],
    ['nothing', undefined],
    // A neighbour that refuses the connection is not the database.
    ['a named failure', new DomainError('service-unavailable', 'x', { cause: failure({ code: 'ECONNREFUSED' }) })],
    ['a wrapped named failure', new Error('wrapped', { cause: new DomainError('timeout', 'x') })],
  ])('is not misled by %s', (_name, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });

  it('ends with errors that cause each other', () => {
    const one = new Error('one');
    one.cause = new Error('other', { cause: one });
    expect(isDatabaseAway(one)).toBe(false);
  });
});

describe('translateDatabaseFailure', () => {
  it('names the service that cannot reach its database and keeps the cause', () => {
    const error = failure({ code: 'ECONNRESET' });
    expect(translateDatabaseFailure(error, 'registry')).toMatchObject({
      code: 'database-unavailable',
      detail: 'The registry service cannot reach its database; try again.',
      cause: error,
    });
  });

  it('leaves every other failure as it is', () => {
    const error = failure({ code: 'P2002' });
    expect(translateDatabaseFailure(error, 'registry')).toBe(error);
  });
});
