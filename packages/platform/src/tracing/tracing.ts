import type { Telemetry } from 'bullmq';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What is known of a span when it begins. */
export interface SpanBeginning {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal' | 'producer';
  /**
   * W3C `traceparent` of what it is a part of; one that is malformed counts as none. A caller that is none of the services is heard by
   * {@link Tracing.hear} first. Default: the span in whose course it begins.
   */
  readonly parent?: string | undefined;
  /** `traceparent`s of what it stands for without being a part of it: the requests of a batch. */
  readonly links?: readonly string[];
  readonly attributes?: Attributes;
}

/** A span that has begun and must be ended. */
export interface OpenSpan {
  /** W3C `traceparent`, for whoever does a part of the work. */
  readonly traceparent: string;
  /** False when the trace was not chosen: nothing of it is kept. */
  readonly isKept: boolean;
  /** Runs `work`; spans and jobs that begin in its course are parts of this one. */
  within<T>(work: () => T): T;
  describe(attributes: Attributes): void;
  /** @param failure why it failed, safe to be shown; undefined when it did not */
  end(failure?: string): void;
}

/** OpenTelemetry, as far as the services need it. */
export interface Tracing {
  begin(beginning: SpanBeginning): OpenSpan;
  /**
   * What is made of the `traceparent` of a caller that is none of the services: the same, but marked as not to be kept when it is neither among
   * the share that is kept of all traces nor among the few a second that are kept because a caller wants it.
   */
  hear(traceparent: string): string;
  /** `traceparent` of the span in whose course this is called. */
  readonly current: string | undefined;
  /** Runs `work` in the course of no span. */
  outside<T>(work: () => T): T;
  /** Tells of the span in whose course this is called. */
  describe(attributes: Attributes): void;
  /** Carries the trace from whoever adds a job to whoever takes it. */
  readonly jobs: Telemetry;
  /** Sends what is not sent yet. */
  close(): Promise<void>;
}

let open: Tracing | null = null;

/** The tracing of this process; null when none is configured, which costs nothing but this question. */
export const currentTracing = (): Tracing | null => open;

/** One per process: OpenTelemetry's own registrations are global. */
export function useTracing(tracing: Tracing | null): void {
  open = tracing;
}
