import { trace } from "@opentelemetry/api";
import { type Client, createWorker, defineJob } from "holdfast";
import { requestClient } from "holdfast/http";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { followContexts, recordTelemetry } from "../support/telemetry-recorder.ts";
import { describeDatabases } from "./client-databases.ts";

const greet = defineJob<{ name: string }>({ name: "greet" });
const payload = { name: "x" };
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

followContexts();

const traceIn = async (client: Client, id: string) => (await client.jobs.get(id))?.trace;

describeDatabases((databases) => {
  test("jobs of a scoped client are part of its trace, each of its own although they share an insert", async () => {
    const client = await databases.client();
    const scopes = [traceparent, `${other} vendor=a`].map((text) => client.scoped({ trace: text }));
    const all = await Promise.all([
      ...scopes.map((scoped) => scoped.enqueue(greet, payload)),
      client.enqueue(greet, payload),
      client.scoped({ trace: "no trace" }).enqueue("greet", payload),
    ]);
    const traces = await Promise.all(all.map(({ id }) => traceIn(client, id)));
    expect(traces).toEqual([traceparent, `${other} vendor=a`, null, null]);
    const many = [
      ...(await client.scoped({ trace: other }).enqueueMany(greet, [payload, payload])),
      ...(await client.scoped({ trace: other }).enqueueMany([greet.request(payload)])),
    ];
    for (const { id } of many) expect(await traceIn(client, id)).toBe(other);
  });

  test("jobs of a scoped client are part of its transaction, and a scope within it adds to it", async () => {
    const client = await databases.client();
    const [kept, traced] = await client.transaction(async (tx) => {
      const scoped = client.scoped({ tx });
      return Promise.all([
        scoped.enqueue(greet, payload),
        scoped.scoped({ trace: traceparent }).enqueue(greet, payload),
      ]);
    });
    expect(await traceIn(client, kept.id)).toBeNull();
    expect(await traceIn(client, traced.id)).toBe(traceparent);
    const failing = client.transaction(async (tx) => {
      await client.scoped({ tx }).enqueueMany([greet.request(payload)]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect((await client.jobs.count()).available).toBe(2);
  });

  test("a scoped client knows of the transaction it is called in, as its client does", async () => {
    const strict = await databases.client();
    await strict.transaction(async () => {
      const scoped = strict.scoped({ trace: traceparent });
      await expect(scoped.enqueue(greet, payload)).rejects.toThrow(coded("TRANSACTION_OPEN"));
    });
    const ambient = await databases.client({ transactions: "ambient" });
    const scoped = ambient.scoped({ trace: traceparent });
    const failing = ambient.transaction(async () => {
      await scoped.enqueue(greet, payload);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const { id } = await ambient.transaction(() => scoped.enqueue(greet, payload));
    expect(await traceIn(ambient, id)).toBe(traceparent);
    expect((await ambient.jobs.count()).available).toBe(1);
  });

  test("workers take a scoped client, and wrong scopes are refused", async () => {
    const client = await databases.client();
    const scoped = client.scoped({ trace: traceparent });
    await using worker = createWorker(scoped, { handlers: [greet.handler(({ name }) => name)] });
    await worker.start();
    const { id } = await scoped.enqueue(greet, payload);
    expect(await scoped.handle(id).result({ timeout: "10s" })).toBe("x");
    expect(() => client.scoped({ trace: 7 as unknown as string })).toThrow(coded("INVALID_OPTION"));
    expect(() => client.scoped({ to: 1 } as never)).toThrow(coded("INVALID_OPTION"));
    expect(() => client.scoped(undefined as never)).toThrow(coded("INVALID_OPTION"));
  });

  test("the client of a request goes on with the trace of its headers, unless a span is active", async () => {
    const { telemetry, tracer, spansOnce } = recordTelemetry();
    const client = await databases.client({ telemetry });
    const headers = { traceparent, tracestate: ["vendor=a", "b=c"] };
    const { id } = await requestClient(client, { headers }).enqueue(greet, payload);
    const [sent] = await spansOnce("send default", 1);
    expect(sent?.parentSpanContext).toMatchObject({ traceId, spanId: "00f067aa0ba902b7" });
    const spanId = sent?.spanContext().spanId;
    expect(await traceIn(client, id)).toBe(`00-${traceId}-${spanId}-01 vendor=a,b=c`);

    const request = new Request("http://localhost", { headers: { traceparent } });
    await tracer.startActiveSpan("POST /", async (span) => {
      await requestClient(client, request).enqueue(greet, payload);
      span.end();
    });
    const [, second] = await spansOnce("send default", 2);
    const [active] = await spansOnce("POST /", 1);
    expect(second?.parentSpanContext?.spanId).toBe(active?.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test.for([
    { traceparent: `${traceparent}, ${traceparent}` },
    { traceparent: "" },
    { tracestate: "vendor=a" },
  ])("a request with the headers %j has no trace", async (headers) => {
    const client = await databases.client();
    const request = new Request("http://localhost", { headers });
    for (const each of [{ headers }, request]) {
      const { id } = await requestClient(client, each).enqueue(greet, payload);
      expect(await traceIn(client, id)).toBeNull();
    }
  });
});
