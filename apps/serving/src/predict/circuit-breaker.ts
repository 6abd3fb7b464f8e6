import { ErrorWindow } from './error-window.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerLimits {
  /** Failures in a row that open it, >= 1. */
  readonly failureThreshold: number;
  /** Seconds until one trial is let through. */
  readonly recoverySeconds: number;
  /** Share of failed calls within the window beyond which it opens, in [0, 1]. */
  readonly errorThreshold: number;
  /** Length of that window. */
  readonly windowSeconds: number;
  /** Calls within the window below which their share says nothing, >= 1. */
  readonly minimumCalls: number;
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

const ADMITTED: Admission = { admitted: true };

/**
 * Takes a model version out of service when it fails too often: several times in a row, or in too large a share of its latest calls.
 * Closed: everything passes. Open: nothing does, until `recoverySeconds` have passed. Then one trial passes at a time (half-open): its
 * success closes, its failure opens again. Times are given, in ms.
 */
export class CircuitBreaker {
  private readonly limits: BreakerLimits;
  private readonly window: ErrorWindow;
  private failures = 0;
  private openedAtMs: number | undefined;
  private trialAtMs: number | undefined;

  constructor(limits: BreakerLimits) {
    this.limits = limits;
    this.window = new ErrorWindow(limits.windowSeconds);
  }

  state(nowMs: number): BreakerState {
    if (this.openedAtMs === undefined) return 'closed';
    return nowMs - this.openedAtMs < this.recoveryMs ? 'open' : 'half-open';
  }

  /** Share of failed calls in the window, in [0, 1]. */
  get errorRate(): number {
    return this.window.errorRate;
  }

  /** How long a call would have to wait to be admitted, in ms; 0 when it would be now. */
  waitMs(nowMs: number): number {
    if (this.openedAtMs === undefined) return 0;
    const untilTrialMs = this.openedAtMs + this.recoveryMs - nowMs;
    if (untilTrialMs > 0) return untilTrialMs;
    const isTried = this.trialAtMs !== undefined && nowMs - this.trialAtMs < this.recoveryMs;
    return isTried ? 1_000 : 0;
  }

  /** Asks for one call. In the half-open state an admission is the trial; one whose outcome never comes gives way to another. */
  admit(nowMs: number): Admission {
    if (this.openedAtMs === undefined) return ADMITTED;
    const waitMs = this.waitMs(nowMs);
    if (waitMs > 0) return { admitted: false, retryAfterSeconds: Math.ceil(waitMs / 1_000) };
    this.trialAtMs = nowMs;
    return ADMITTED;
  }

  /** @returns the state that this outcome brought about; undefined when it is still the same */
  record(outcome: 'success' | 'failure', nowMs: number): 'open' | 'closed' | undefined {
    const wasOpen = this.openedAtMs !== undefined;
    if (wasOpen && this.trialAtMs === undefined) return undefined; // began before it opened
    if (outcome === 'failure') this.failures += 1;
    else if (!wasOpen) this.failures = 0;
    if (!wasOpen) this.window.add(outcome, nowMs);
    if (outcome === 'success') {
      if (wasOpen) this.reset();
      return wasOpen ? 'closed' : undefined;
    }
    if (!wasOpen && !this.failsTooOften) return undefined;
    this.openedAtMs = nowMs;
    this.trialAtMs = undefined;
    return 'open';
  }

  /** Closes it, whatever came before. */
  reset(): void {
    this.failures = 0;
    this.openedAtMs = undefined;
    this.trialAtMs = undefined;
    this.window.clear();
  }

  private get failsTooOften(): boolean {
    const { failureThreshold, minimumCalls, errorThreshold } = this.limits;
    if (this.failures >= failureThreshold) return true;
    return this.window.calls >= minimumCalls && this.window.errorRate > errorThreshold;
  }

  private get recoveryMs(): number {
    return this.limits.recoverySeconds * 1_000;
  }
}
