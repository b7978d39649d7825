import { diag } from "@opentelemetry/api";
import { afterEach, describe, expect, test, vi } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { noTelemetry, startTelemetry } from "./start-telemetry.ts";

const shutdown = vi.fn<() => Promise<void>>();
const start = vi.fn<() => void>();
const configured = vi.fn<(settings: object) => void>();

vi.mock("@opentelemetry/sdk-node", () => ({
  NodeSDK: class {
    constructor(settings: object) {
      configured(settings);
    }
    start = start;
    shutdown = shutdown;
  },
}));

afterEach(() => vi.resetAllMocks());

const sending = { OTEL_LOG_LEVEL: "error", OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector" };

function begin(env: Readonly<Record<string, string>> = {}) {
  const log = recordingLogger();
  return { log, started: startTelemetry("reports", { ...sending, ...env }, log) };
}

describe("telemetry", () => {
  test("is started under the service's name, unless OTEL_SERVICE_NAME says another", async () => {
    await begin().started;
    await begin({ OTEL_SERVICE_NAME: "other" }).started;
    expect(configured.mock.calls).toEqual([[{ serviceName: "reports" }], [{}]]);
    expect(start).toHaveBeenCalledTimes(2);
  });

  test.each(["HOLDFAST_TELEMETRY", "TONIN_TELEMETRY"])("is not when %s is off", async (name) => {
    expect(await begin({ [name]: "OFF" }).started).toBe(noTelemetry);
    expect(start).not.toHaveBeenCalled();
  });

  test("is not where the environment does not say where to send to", async () => {
    expect(await begin({ OTEL_EXPORTER_OTLP_ENDPOINT: "" }).started).toBe(noTelemetry);
    expect(start).not.toHaveBeenCalled();
    await begin({ OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_TRACES_EXPORTER: "console" }).started;
    expect(start).toHaveBeenCalledTimes(1);
  });

  test("warns with all that the SDK says of its first failure", async () => {
    const { log, started } = begin({ OTEL_LOG_LEVEL: "" });
    await started;
    diag.error("exporter", new Error("connect ECONNREFUSED"));
    diag.error("again");
    diag.disable();
    const error: unknown = expect.stringContaining("ECONNREFUSED");
    expect(log.lines).toMatchObject([{ level: "warn", fields: { error } }, { level: "debug" }]);
  });

  test("that cannot be started is one warning", async () => {
    start.mockImplementation(() => {
      throw new Error("no such exporter");
    });
    const { log, started } = begin();
    expect(await started).toBe(noTelemetry);
    expect(log.lines).toMatchObject([
      { level: "warn", fields: { error: { message: "no such exporter" } } },
    ]);
  });

  test("that is not sent in time, or not at all, is one warning", async () => {
    const { log, started } = begin();
    const { flush } = await started;
    shutdown.mockReturnValue(new Promise(() => {}));
    await flush(1);
    shutdown.mockRejectedValue(new Error("refused"));
    await flush(1_000);
    expect(log.lines).toMatchObject([
      { level: "warn", message: expect.stringContaining("telemetry has failed") as unknown },
      { level: "debug", fields: { error: { message: "refused" } } },
    ]);
  });
});
