import { isDomainError } from '@gimbal/domain';

/** SQLSTATE classes: connection exception, insufficient resources (full, no connection left), operator intervention (stopping, starting). */
const AWAY_STATE = /^(?:08|53)[0-9A-Z]{3}$|^57P[0-9A-Z]{2}$/;
/** Prisma's error codes and the kinds of its driver adapter: unreachable, refused, closed, timed out, no connection free. */
const AWAY_CODE =
  /^P(?:1000|1001|1002|1008|1011|1017|2024|2028|2037)$|^(?:DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
const SOCKET_CODE = /^E(?:CONNREFUSED|CONNRESET|TIMEDOUT|PIPE|HOSTUNREACH|NOTFOUND|AI_AGAIN)$/;
/** What is said where there is no code: by the pool, by Prisma's start, and by Prisma about raw queries. */
const AWAY_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|can't reach database|Code: `(?:08...|53...|57P..)`/i;
const LAYERS_MAX = 6;

/** An error of whatever origin as far as it is looked at here; each layer hangs codes and causes on it under other names. */
interface LayeredError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

const isObject = (value: unknown): value is LayeredError => typeof value === 'object' && value !== null;

function saysAway({ name, message, code, originalCode, kind, syscall }: LayeredError): boolean {
  const words = [code, originalCode, kind].filter((word) => typeof word === 'string');
  return (
    words.some((word) => AWAY_STATE.test(word) || AWAY_CODE.test(word) || SOCKET_CODE.test(word)) ||
    // A Unix socket that is not there. The same code for a file means a missing file.
    (code === 'ENOENT' && syscall === 'connect') ||
    name === 'PrismaClientInitializationError' ||
    AWAY_MESSAGE.test(String(message ?? ''))
  );
}

/**
 * True when a failure of the database client, in any of its layers, says that PostgreSQL can't be asked now, rather than that it was
 * asked for something wrong. A failure that already has a name (`DomainError`) says something else, whatever caused it.
 */
export function isDatabaseAway(error: unknown): boolean {
  let layer = error;
  for (let depth = 0; isObject(layer) && depth < LAYERS_MAX; depth++) {
    if (isDomainError(layer)) return false;
    if (saysAway(layer)) return true;
    layer = layer.cause ?? layer.meta?.driverAdapterError;
  }
  return false;
}
