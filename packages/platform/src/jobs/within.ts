import { DomainError } from '@gimbal/domain';
import { errorCode, isError } from '../start-service/error-facts.js';

const CONNECTION_CODES = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|57P0|08)/;

const CONNECTION_MESSAGES =
  /Connection (is closed|terminated)|connection timeout|timeout exceeded|Stream isn't writeable/i;

const isConnectionFailure = (error: unknown): boolean =>
  CONNECTION_CODES.test(errorCode(error)) || (isError(error) && CONNECTION_MESSAGES.test(error.message));

/** Rejects with `queue-unavailable` when the work takes too long or the connection breaks under it. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(new DomainError('queue-unavailable', 'The queue did not answer in time; repeat with the same job id.')),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (isConnectionFailure(error))
      throw new DomainError('queue-unavailable', 'The connection to the queue broke; repeat with the same job id.', {
        cause: error,
      });
    throw error;
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // when it lost the race, its late failure has been reported as unknown already
  }
}
