import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { BullMQOtel } from 'bullmq-otel';
import { TraceAllowance } from './trace-allowance.js';
import type { OpenSpan, SpanBeginning, Tracing } from './tracing.js';

export interface TracingOptions {
  readonly service: string;
  readonly version: string;
  /** Of the collector; `/v1/traces` is added. */
  readonly endpoint: string;
  /** Sent with every export: tokens, so never shown. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that begin here, 0 to 1. */
  readonly share: number;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
} as const;
const EXPORT_TIMEOUT_MS = 5_000;
const EXPORT_DELAY_MS = 1_000;
const NAME = 'gimbal';
/** Traces outside the share that are kept in a second because a caller wants it. */
const STRANGERS_PER_SECOND = 10;

const formatContext = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
const formatTraceparent = (span: Span): string => formatContext(span.spanContext());

/** The context of a caller elsewhere; the root when what it sent is no `traceparent`. */
const contextOf = (traceparent: string): Context => {
  const parent = parseTraceParent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
};

class RunningSpan implements OpenSpan {
  constructor(
    private readonly span: Span,
    private readonly parent: Context,
  ) {}

  get traceparent(): string {
    return formatTraceparent(this.span);
  }

  get isKept(): boolean {
    return this.span.isRecording();
  }

  within<T>(work: () => T): T {
    return context.with(trace.setSpan(this.parent, this.span), work);
  }

  describe(attributes: Parameters<OpenSpan['describe']>[0]): void {
    this.span.setAttributes({ ...attributes });
  }

  end(failure?: string): void {
    if (failure !== undefined) this.span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    this.span.end();
  }
}

/**
 * Begins to send spans by OTLP over HTTP. What can't be sent is dropped after a few tries, and the queue of spans is bounded: a collector
 * that is away costs the service nothing.
 */
export function openTracing({ service, version, endpoint, headers, share }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const chosen = new TraceIdRatioBasedSampler(share);
  const strangers = new TraceAllowance(STRANGERS_PER_SECOND);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': NAME,
      'service.version': version,
    }),
    // A trace that was chosen elsewhere is kept whole; of the others the same share everywhere, by the trace's id.
    sampler: new ParentBasedSampler({ root: chosen }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_DELAY_MS })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer(NAME, version);
  return {
    begin({ name, kind, parent, links = [], attributes = {} }: SpanBeginning): OpenSpan {
      const within = parent === undefined ? context.active() : contextOf(parent);
      const linked = links.flatMap((link) => {
        const other = parseTraceParent(link);
        return other ? [{ context: other }] : [];
      });
      return new RunningSpan(
        tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes }, links: linked }, within),
        within,
      );
    },
    hear(traceparent: string): string {
      const parent = parseTraceParent(traceparent);
      if (!parent || !(parent.traceFlags & TraceFlags.SAMPLED)) return traceparent;
      const isChosen =
        chosen.shouldSample(ROOT_CONTEXT, parent.traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
      if (isChosen || strangers.take(performance.now())) return traceparent;
      return formatContext({ ...parent, traceFlags: TraceFlags.NONE });
    },
    get current(): string | undefined {
      const span = trace.getActiveSpan();
      return span && formatTraceparent(span);
    },
    outside<T>(work: () => T): T {
      return context.with(ROOT_CONTEXT, work);
    },
    describe(attributes): void {
      trace.getActiveSpan()?.setAttributes({ ...attributes });
    },
    jobs: new BullMQOtel({ tracerName: NAME, version }),
    async close(): Promise<void> {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
