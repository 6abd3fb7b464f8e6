import { DomainError } from '@gimbal/domain';

/** Beginnings of SQLSTATEs for a lost connection, a server that stops or starts, and one that is full. */
const UNREACHABLE_STATES = ['08', '57P', '53300'];
/** What Node and Prisma call the same. */
const UNREACHABLE_CODES = new Set(
  'ECONNREFUSED ECONNRESET ETIMEDOUT EPIPE ENOENT EAI_AGAIN ENOTFOUND P1001 P1002 P1008 P1017 P2024 P2028'.split(' '),
);
/** What the driver says where it gives no code. */
const UNREACHABLE_MESSAGES = ['Connection terminated', 'timeout exceeded when trying to connect'];
const CAUSES_MAX = 5;

function isUnreachable(error: Error): boolean {
  const { code, originalCode } = error as { code?: unknown; originalCode?: unknown }; // drivers hang codes on errors
  return (
    [String(code ?? ''), String(originalCode ?? '')].some(
      (word) => UNREACHABLE_CODES.has(word) || UNREACHABLE_STATES.some((state) => word.startsWith(state)),
    ) || UNREACHABLE_MESSAGES.some((message) => error.message.includes(message))
  );
}

/** `database-unavailable` for an error that says, itself or in its causes, that PostgreSQL is away; any other as it is. */
export function translateDatabaseFailure(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < CAUSES_MAX; depth++) {
    if (cause instanceof DomainError) return error;
    if (isUnreachable(cause))
      return new DomainError('database-unavailable', 'Training cannot reach its database; try again.', {
        cause: error,
      });
    cause = cause.cause;
  }
  return error;
}
