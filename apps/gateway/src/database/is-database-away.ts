const CONNECTION_FAULTS = new Set(['P1000', 'P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028']);
/** SQLSTATE classes: connection exception, insufficient resources, operator intervention (shutdown, crash). */
const AWAY_STATES = /^(08|53|57)/;
const SOCKET_FAULTS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** True when a failure says that PostgreSQL can't be asked now, rather than that it was asked for something wrong. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (CONNECTION_FAULTS.has(code) || AWAY_STATES.test(code) || SOCKET_FAULTS.has(code)) return true;
  if (error.name === 'PrismaClientInitializationError' || error.name === 'PrismaClientRustPanicError') return true;
  if (/connection terminated|timeout exceeded when trying to connect|Can't reach database/i.test(error.message))
    return true;
  return isDatabaseAway(error.cause, depth + 1);
}
