import { z } from 'zod';
import { configGroup } from './define-config.js';
import { numberText, secretSetting, setting, urlText } from './setting.js';

/** `name=value,name=value`, values as in a URL (the form of OpenTelemetry's own variable). */
const headerList = z
  .string()
  .max(4_096)
  .default('')
  .transform((text, context) => {
    const headers: Record<string, string> = {};
    for (const entry of text.split(',').map((part) => part.trim())) {
      if (entry === '') continue;
      const [, name, value] = /^([\w-]{1,100})=([\w%!#$&'*+./:@^`|~ -]*)$/.exec(entry) ?? [];
      const decoded = value === undefined ? undefined : decode(value);
      if (name === undefined || decoded === undefined) {
        context.addIssue('must be a list name=value,name=value');
        return z.NEVER;
      }
      headers[name] = decoded;
    }
    return headers as Readonly<Record<string, string>>;
  });

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** Where traces go. The variables are OpenTelemetry's own. */
export const tracingConfig = configGroup('Tracing', {
  endpoint: setting('OTEL_EXPORTER_OTLP_ENDPOINT', urlText('http:', 'https:').optional(), {
    description: 'OpenTelemetry collector that takes OTLP over HTTP; /v1/traces is added. Unset: nothing is traced.',
  }),
  headers: secretSetting('OTEL_EXPORTER_OTLP_HEADERS', headerList, {
    description: 'Headers for the collector, name=value,name=value: its token.',
  }),
  share: setting('OTEL_TRACES_SAMPLER_ARG', numberText(0, 1).default(1), {
    description:
      'Share of the traces that are kept. Beyond it a trace that a caller keeps is kept here, too: at most 10 a second at each door that is open to others.',
  }),
});
