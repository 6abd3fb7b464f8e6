import { channel } from 'node:diagnostics_channel';
import { type MethodDecorator, methodDecorator, observe } from './method-decorator.js';

/** Node's diagnostics channel on which tracked calls are published; `diagnostics_channel.subscribe(METRIC_CHANNEL, …)` hears them. */
export const METRIC_CHANNEL = 'gimbal:metric';

/** One tracked call. */
export interface TrackedCall {
  /** Such as `model_registry.register`. */
  readonly metric: string;
  readonly status: 'success' | 'failure';
  readonly durationMs: number;
}

/** Publishes every call under the name of a metric, for whatever collects metrics in the program. Costs next to nothing when nobody listens. */
export function trackMetric(metric: string): MethodDecorator {
  return methodDecorator(
    (method) =>
      function tracked(this: unknown, ...args) {
        const metrics = channel(METRIC_CHANNEL);
        if (!metrics.hasSubscribers) return method.apply(this, args);
        return observe(
          () => method.apply(this, args),
          ({ durationMs, failed }) => {
            const call: TrackedCall = { metric, status: failed ? 'failure' : 'success', durationMs };
            metrics.publish(call);
          },
        );
      },
  );
}
