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

function begin(env: Readonly<Record<string, string>> = {}) {
  const log = recordingLogger();
  return { log, started: startTelemetry("reports", { OTEL_LOG_LEVEL: "error", ...env }, log) };
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
