import type { Logger } from '@gimbal/platform';
import { isObject, refuse } from '../refuse.js';

/** The form of Triton's extension; the file and the format are not this process's to choose. */
interface LogSettings {
  readonly log_file: '';
  readonly log_info: boolean;
  readonly log_warning: boolean;
  readonly log_error: boolean;
  /** 1: also what helps to find a fault. */
  readonly log_verbose_level: 0 | 1;
  readonly log_format: 'default';
}

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** Each level holds those before it. */
const SETTINGS = ['log_error', 'log_warning', 'log_info', 'log_verbose_level'] as const;

const levelOf = (logger: Pick<Logger, 'level'>): number => {
  const index = (LEVELS as readonly string[]).indexOf(logger.level);
  if (index >= 0) return index;
  return logger.level === 'fatal' ? 0 : LEVELS.length - 1; // trace
};

/** GET `v2/logging`. */
export function describeLogging(logger: Pick<Logger, 'level'>): LogSettings {
  const level = levelOf(logger);
  return {
    log_file: '',
    log_info: level >= 3,
    log_warning: level >= 2,
    log_error: level >= 1,
    log_verbose_level: level >= 4 ? 1 : 0,
    log_format: 'default',
  };
}

/**
 * POST `v2/logging`: changes the level of this process until it is started again. What is off takes everything below it along.
 * @throws InvalidInputError for what can't be changed here
 */
export function changeLogging(logger: Pick<Logger, 'level'>, body: unknown): LogSettings {
  if (!isObject(body)) return refuse('', 'The body must be an object of settings.');
  const wanted: Record<string, unknown> = { ...describeLogging(logger) };
  for (const [name, value] of Object.entries(body)) {
    if (!(SETTINGS as readonly string[]).includes(name)) return refuse(name, 'cannot be changed');
    const isVerbosity = name === 'log_verbose_level';
    if (isVerbosity ? value !== 0 && value !== 1 : typeof value !== 'boolean')
      return refuse(name, isVerbosity ? 'must be 0 or 1' : 'must be true or false');
    wanted[name] = value;
  }
  const off = SETTINGS.findIndex((name) => !wanted[name]);
  logger.level = LEVELS[off === -1 ? LEVELS.length - 1 : off] ?? 'info';
  return describeLogging(logger);
}
