import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as OTLP writes it in JSON, as far as tests look at it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: string | number };
  }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface Traces {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: CollectedSpan["attributes"] };
    readonly scopeSpans?: readonly { readonly spans?: readonly CollectedSpan[] }[];
  }[];
}

/** Receives telemetry by OTLP over HTTP, as JSON. */
export interface OtlpCollector {
  /** What makes a process send here. */
  readonly env: Readonly<Record<string, string>>;
  /** The paths it was sent something to. */
  readonly paths: ReadonlySet<string>;
  spans(): readonly CollectedSpan[];
  /** The names of the services that sent spans. */
  services(): readonly string[];
  close(): Promise<void>;
}

/** Starts a collector on a free port. */
export async function startCollector(): Promise<OtlpCollector> {
  const received: Traces[] = [];
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      paths.add(request.url ?? "");
      if (request.url === "/v1/traces") received.push(JSON.parse(body) as Traces);
      response.writeHead(200, { "content-type": "application/json", connection: "close" });
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const resources = () => received.flatMap(({ resourceSpans = [] }) => resourceSpans);
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    },
    paths,
    spans: () =>
      resources().flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans)),
    services: () =>
      resources().flatMap(({ resource }) =>
        (resource?.attributes ?? [])
          .filter(({ key }) => key === "service.name")
          .map(({ value }) => value.stringValue ?? ""),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
