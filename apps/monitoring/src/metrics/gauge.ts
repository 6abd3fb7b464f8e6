/** What is asked of a gauge here; Prometheus's own class has it. */
export interface LabelledGauge<L extends string = string> {
  set(labels: Record<L, string>, value: number): void;
  reset(): void;
}

/** Has `refresh` run, and waited for, whenever one of the gauges is scraped; gauges scraped together share one run. */
export function collectTogether(gauges: readonly object[], refresh: () => Promise<void>): void {
  let running: Promise<void> | undefined;
  const collect = (): Promise<void> => {
    running ??= refresh().finally(() => {
      running = undefined;
    });
    return running;
  };
  for (const gauge of gauges) Object.assign(gauge, { collect });
}
