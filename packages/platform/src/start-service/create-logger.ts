import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

import { errorCode, isError } from './error-facts.js';

const HIDDEN_KEYS = [
  'authorization',
  '["x-api-key"]',
  '["x-gimbal-actor"]',
  'cookie',
  'password',
  'secret',
  'apiKey',
  'serviceKey',
  'features',
  'rows',
  'payload',
] as const;

const at = (prefix: string, key: string): string => (key.startsWith('[') ? `${prefix}${key}` : `${prefix}.${key}`);

/** Where secrets and feature values could stand, up to three levels deep. */
const REDACTED = HIDDEN_KEYS.flatMap((key) => [key, at('*', key), at('*.*', key)]);

const MESSAGE_MAX = 500;

interface LoggedError {
  readonly type: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: LoggedError | undefined;
}

/**
 * An error as it may be logged. Database libraries quote their arguments (feature values among them) in the message's body: of
 * a long message only the last line stays, and of the stack only the frames.
 */
export function serializeError(error: unknown): LoggedError | undefined {
  return serializeChain(error, 0);
}

function serializeChain(error: unknown, depth: number): LoggedError | undefined {
  if (!isError(error)) return undefined;
  const lines = error.message.trim().split('\n');
  const message = error.name.startsWith('Prisma') ? (lines.at(-1) ?? '') : error.message;
  return {
    type: error.name,
    code: errorCode(error) || undefined,
    message: message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX)}…` : message,
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .join('\n'),
    cause: depth < 3 ? serializeChain(error.cause, depth + 1) : undefined,
  };
}

/** JSON lines on stdout (or `destination`): `{level, time, service, msg, ...}`. */
export function createLogger(options: {
  readonly service: string;
  readonly level: string;
  readonly destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[hidden]' },
    serializers: { err: serializeError },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
