/** The time was over. */
export class DeadlineError extends Error {}

/**
 * Waits for `work`, but no longer than `milliseconds`; the work itself goes on.
 * @throws DeadlineError naming `what` when the time is over
 */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`${what} did not answer within ${milliseconds} ms.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
