import { isPassing, JobRejectedError, type OutboundOutcome } from '@gimbal/platform';
import type { Deployment } from './deployment.js';

/** A place where deployments are told. */
export interface AnnouncementChannel {
  /**
   * Tells of a deployment, and of one that is told there already not again where the place can know.
   * @returns where it can be read, if the place says so
   * @throws Error when trying again may help, JobRejectedError when not
   */
  announce(deployment: Deployment): Promise<string | null>;
}

/** The failure that an outcome is. Neither the address nor a token is in it; of the answer, what a person needs to mend it. */
export function failureOf(place: string, outcome: OutboundOutcome): Error {
  if (outcome.kind !== 'answered') return new Error(`${place}: ${outcome.reason}`);
  const { status, text, retryAfterMs } = outcome;
  const message = `${place} answered ${status}: ${text.slice(0, 200)}`;
  // GitHub says 403 besides 429 when there were too many requests, and how long to wait then.
  const isPatience = status === 403 && retryAfterMs !== null;
  return isPassing(outcome) || isPatience ? new Error(message) : new JobRejectedError(message);
}
