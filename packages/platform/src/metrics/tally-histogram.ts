import type { Metric, Registry } from 'prom-client';

export interface TallyHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Upper bounds, ascending; a value on a bound is within. */
  readonly buckets: readonly number[];
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A histogram of one label for what is counted row by row: the values under a label are tallied in one typed array, and become what Prometheus
 * reads when it asks. The text is that of prom-client's own histogram, whose `observe` costs as much as the row's prediction.
 */
export class TallyHistogram {
  readonly name: string;
  private readonly options: TallyHistogramOptions;
  private readonly tallies = new Map<string, Tally>();

  constructor(options: TallyHistogramOptions) {
    this.name = options.name;
    this.options = options;
  }

  registerTo(registry: Registry): this {
    registry.registerMetric(this as unknown as Metric); // a registry asks a metric for its name and for get() alone
    return this;
  }

  /** The tally of what is observed under one value of the label. */
  of(label: string): Tally {
    let tally = this.tallies.get(label);
    if (!tally) {
      tally = new Tally(this.options.buckets);
      this.tallies.set(label, tally);
    }
    return tally;
  }

  reset(): void {
    this.tallies.clear();
  }

  /** What a registry writes down. */
  async get() {
    const { name, help, label, buckets } = this.options;
    const values: Sample[] = [];
    for (const [key, tally] of this.tallies) {
      const labels = { [label]: key };
      let below = 0;
      buckets.forEach((le, index) => {
        below += tally.counts[index] ?? 0;
        values.push({ metricName: `${name}_bucket`, labels: { le, ...labels }, value: below });
      });
      const count = below + (tally.counts[buckets.length] ?? 0);
      values.push({ metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count });
      values.push({ metricName: `${name}_sum`, labels, value: tally.sum });
      values.push({ metricName: `${name}_count`, labels, value: count });
    }
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}

/** How many values fell into each bucket. */
export class Tally {
  /** By bucket; the last one is of what lies above all bounds. */
  readonly counts: Float64Array;
  private readonly bounds: Float64Array;
  private total = 0;

  constructor(buckets: readonly number[]) {
    this.bounds = Float64Array.from(buckets);
    this.counts = new Float64Array(buckets.length + 1);
  }

  get sum(): number {
    return this.total;
  }

  /** @param value finite */
  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.total += value;
  }
}
