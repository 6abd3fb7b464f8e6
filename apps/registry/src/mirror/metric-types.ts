/** What is asked of metrics here; Prometheus's own classes have it. */
export interface LabelledCounter<L extends string> {
  inc(labels: Readonly<Record<L, string>>): void;
}

export interface PlainGauge {
  set(value: number): void;
}

export interface NamedGauge {
  set(labels: { readonly name: string }, value: number): void;
}
