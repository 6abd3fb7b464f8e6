const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/**
 * A service's log line for the terminal: `gateway   | info  started url=…`. JSON lines are shortened to level, message and the
 * error; anything else (a crash's stack) passes as it is. The files under `GIMBAL_HOME/logs` keep the lines whole.
 */
export function formatLogLine(service: string, line: string): string {
  const prefix = `${service.padEnd(10)} |`;
  if (!line.startsWith('{')) return `${prefix} ${line}`;
  try {
    const entry: Record<string, unknown> = JSON.parse(line);
    const level = LEVELS[Number(entry['level'])] ?? String(entry['level'] ?? '');
    const error = entry['err'];
    const cause = error && typeof error === 'object' && 'message' in error ? `: ${String(error.message)}` : '';
    const code = typeof entry['code'] === 'string' ? ` (${entry['code']})` : '';
    return `${prefix} ${level.padEnd(5)} ${String(entry['msg'] ?? '')}${code}${cause}`;
  } catch {
    return `${prefix} ${line}`;
  }
}
