import { type Metric, register } from 'prom-client';

/** One value of a metric, by its labels. */
interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadMetricOptions {
  /** As Prometheus sees it, `_total` included. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly read: () => Iterable<Reading>;
}

/** Publishes what is counted elsewhere: read when Prometheus asks, so that counting costs nothing. Of two metrics of one name the later one counts. */
export function publishReadMetric({ name, help, type, read }: ReadMetricOptions): void {
  const metric = {
    name,
    get: async () => ({ name, help, type, aggregator: 'sum', values: Array.from(read()) }),
    reset: () => undefined, // what is counted elsewhere is not ours to forget
  };
  register.removeSingleMetric(name);
  register.registerMetric(metric as unknown as Metric); // a registry asks a metric for its name and for get() alone
}
