import { Controller, type DynamicModule, Get, Inject, Module, type Provider, Res } from '@nestjs/common';
import { register } from 'prom-client';
import { OpenOnLoopback } from '../service-auth/open-route.js';
import { METRICS, type MetricName } from './metrics.js';
import { TallyHistogram } from './tally-histogram.js';

/** Where the library provides a metric. */
export const metricToken = (name: string): string => `PROM_METRIC_${name.toUpperCase()}`;

/** Injects a metric; a histogram is a {@link TallyHistogram}: `@InjectMetric('ml_prediction_total') private readonly predictions: Counter<'model' | 'status'>`. */
export const InjectMetric = (name: MetricName): ParameterDecorator & PropertyDecorator => Inject(metricToken(name));

type Library = typeof import('@willsoto/nestjs-prometheus');

const createController = ({ PrometheusController }: Library) => {
  /** `/metrics` in Prometheus text; open on loopback, elsewhere only for trusted callers. */
  class MetricsController extends PrometheusController {
    override index(reply: unknown): Promise<string> {
      return super.index(reply);
    }
  }
  const index = Object.getOwnPropertyDescriptor(MetricsController.prototype, 'index');
  if (!index) throw new TypeError('The metrics route has no handler.');
  Controller()(MetricsController);
  Get()(MetricsController.prototype, 'index', index);
  OpenOnLoopback()(MetricsController.prototype, 'index', index);
  Res({ passthrough: true })(MetricsController.prototype, 'index', 0);
  return MetricsController;
};

const provide = (library: Library, name: string, definition: (typeof METRICS)[MetricName]): Provider => {
  const { kind, help, labels } = definition;
  if (kind === 'histogram') {
    const { buckets } = definition;
    const make = () => new TallyHistogram({ name, help, label: labels[0], buckets }).registerTo(register);
    // Services that are built one after the other in one process count on.
    return { provide: metricToken(name), useFactory: () => register.getSingleMetric(name) ?? make() };
  }
  const options = { name, help, labelNames: [...labels] };
  if (kind === 'counter') return library.makeCounterProvider(options);
  return library.makeGaugeProvider(options);
};

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class MetricsModule {
  /**
   * The library is CommonJS over the ESM-only Nest: imported statically it is evaluated while Nest still is, which jest (and
   * Node before 24) refuses as a require cycle; imported here, Nest is complete.
   */
  static async of(): Promise<DynamicModule> {
    const library = await import('@willsoto/nestjs-prometheus');
    const providers = Object.entries(METRICS).map(([name, definition]) => provide(library, name, definition));
    // Registering the process metrics twice throws, and metrics must never keep a service from starting.
    const defaultMetrics = { enabled: register.getSingleMetric('process_cpu_user_seconds_total') === undefined };
    return {
      module: MetricsModule,
      imports: [
        library.PrometheusModule.register({ controller: createController(library), path: '/metrics', defaultMetrics }),
      ],
      providers,
      exports: providers,
    };
  }
}
