import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** A span as it was sent. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly links: readonly string[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Export {
  readonly resourceSpans: ReadonlyArray<{
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: ReadonlyArray<{
      readonly spans: ReadonlyArray<{
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly attributes: readonly Attribute[];
        readonly links?: ReadonlyArray<{ readonly spanId: string }>;
      }>;
    }>;
  }>;
}

const readAttributes = (attributes: readonly Attribute[]): CollectedSpan['attributes'] =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

/** Takes OTLP over HTTP in JSON, and keeps what came. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  headers: IncomingHttpHeaders | undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.headers = request.headers;
      text(request).then(
        (body) => {
          this.keep(JSON.parse(body) as Export); // as the protocol has it
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        },
        () => response.destroy(),
      );
    });
  }

  /** @returns its endpoint */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  find(name: string): CollectedSpan | undefined {
    return this.spans.find((span) => span.name === name);
  }

  private keep({ resourceSpans }: Export): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(readAttributes(resource.attributes)['service.name']);
      for (const { name, traceId, spanId, parentSpanId, attributes, links = [] } of scopeSpans.flatMap(
        (scope) => scope.spans,
      ))
        this.spans.push({
          service,
          name,
          traceId,
          spanId,
          parentSpanId,
          attributes: readAttributes(attributes),
          links: links.map((link) => link.spanId),
        });
    }
  }
}
