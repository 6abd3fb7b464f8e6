/** What is asked of metrics here; Prometheus's own classes have it. */
export interface LabelledCounter<L extends string> {
  inc(labels: Readonly<Record<L, string>>): void;
}

export interface PlainGauge {
  set(value: number): void;
}

export interface LabelledGauge<L extends string> {
  set(labels: Readonly<Record<L, string>>, value: number): void;
}
