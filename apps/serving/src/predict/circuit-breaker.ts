export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerLimits {
  /** Failures in a row that open it, >= 1. */
  readonly failureThreshold: number;
  /** Seconds until one trial is let through. */
  readonly recoverySeconds: number;
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

/**
 * Takes a model version out of service after repeated failures. Closed: everything passes. Open: nothing does, until `recoverySeconds`
 * have passed. Then one trial passes at a time (half-open): its success closes, its failure opens again. Times are given, in ms.
 */
export class CircuitBreaker {
  private readonly limits: BreakerLimits;
  private failures = 0;
  private openedAtMs: number | undefined;
  private trialAtMs: number | undefined;

  constructor(limits: BreakerLimits) {
    this.limits = limits;
  }

  state(nowMs: number): BreakerState {
    if (this.openedAtMs === undefined) return 'closed';
    return nowMs - this.openedAtMs < this.recoveryMs ? 'open' : 'half-open';
  }

  /** Asks for one call. In the half-open state an admission is the trial; one whose outcome never comes gives way to another. */
  admit(nowMs: number): Admission {
    if (this.openedAtMs === undefined) return { admitted: true };
    const untilTrialMs = this.openedAtMs + this.recoveryMs - nowMs;
    if (untilTrialMs > 0) return { admitted: false, retryAfterSeconds: Math.ceil(untilTrialMs / 1_000) };
    if (this.trialAtMs !== undefined && nowMs - this.trialAtMs < this.recoveryMs)
      return { admitted: false, retryAfterSeconds: 1 };
    this.trialAtMs = nowMs;
    return { admitted: true };
  }

  record(outcome: 'success' | 'failure', nowMs: number): void {
    const wasOpen = this.openedAtMs !== undefined;
    if (outcome === 'success') {
      if (wasOpen && this.trialAtMs === undefined) return; // began before it opened
      this.failures = 0;
      this.openedAtMs = undefined;
      this.trialAtMs = undefined;
      return;
    }
    this.failures += 1;
    if (wasOpen ? this.trialAtMs !== undefined : this.failures >= this.limits.failureThreshold) {
      this.openedAtMs = nowMs;
      this.trialAtMs = undefined;
    }
  }

  private get recoveryMs(): number {
    return this.limits.recoverySeconds * 1_000;
  }
}
