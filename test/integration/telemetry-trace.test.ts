import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { type Client, defineJob, type JobDefinition } from "holdfast";
import { expect, test } from "vitest";
import { followContexts, recordTelemetry } from "../support/telemetry-recorder.ts";
import { describeWorkers } from "./worker-bench.ts";

const retry = { attempts: 5, backoff: "fixed", delay: "5ms" } as const;
const order = defineJob<{ order: number }>({ name: "order", queue: "orders", retry });
const receipt = defineJob<{ order: number }>({ name: "receipt", queue: "mail" });

followContexts();

/** An application's HTTP server, whose every request is a span of its own. */
async function serve(tracer: Tracer, client: Client, job: JobDefinition<{ order: number }>) {
  const server = createServer((_, response) => {
    tracer.startActiveSpan("POST /orders", { kind: SpanKind.SERVER }, (span) => {
      void client.enqueue(job, { order: 7 }).then(({ id }) => {
        span.end();
        response.end(id);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/orders`,
    close: () => new Promise<unknown>((resolve) => server.close(resolve)),
  };
}

const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;
const traceOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().traceId;
const parentOf = (span: ReadableSpan | undefined): string | undefined =>
  span?.parentSpanContext?.spanId;

const orderHandler = order.handler(async (payload, job) => {
  await Promise.resolve();
  if (job.attempt === 1) throw new Error("the card was refused");
  await job.enqueue(receipt, payload);
});

describeWorkers((openBench, databases) => {
  test("one trace shows HTTP request, enqueue, a failed attempt, the next and a child job, when attempts are children", async () => {
    const { telemetry, tracer, spansOnce, spans } = recordTelemetry({ attempts: "child" });
    const { client, work } = await openBench({ telemetry });
    await work([orderHandler, receipt.handler(() => {})]);
    const server = databases.closing(await serve(tracer, client, order));
    const id = await (await fetch(server.url, { method: "POST" })).text();
    const [child] = await spansOnce("process mail", 1);
    const [first, second] = await spansOnce("process orders", 2);
    const [request] = await spansOnce("POST /orders", 1);
    const [sent] = await spansOnce("send orders", 1);
    const [sentChild] = await spansOnce("send mail", 1);
    const all = [request, sent, first, second, sentChild, child];
    expect(new Set(all.map(traceOf))).toEqual(new Set([traceOf(request)]));
    expect(all.map(parentOf)).toEqual([
      undefined,
      idOf(request),
      idOf(sent),
      idOf(sent),
      idOf(second),
      idOf(sentChild),
    ]);
    expect(all.map((span) => SpanKind[span?.kind ?? 0])).toEqual([
      "SERVER",
      "PRODUCER",
      "CONSUMER",
      "CONSUMER",
      "PRODUCER",
      "CONSUMER",
    ]);
    expect(sent?.attributes).toMatchObject({
      "messaging.system": "holdfast",
      "messaging.system.name": "holdfast",
      "messaging.operation.name": "send",
      "messaging.destination.name": "orders",
      "messaging.message.id": id,
      "holdfast.enqueue.outcome": "enqueued",
    });
    expect(first?.attributes).toMatchObject({
      "messaging.message.id": id,
      "holdfast.job.attempt": 1,
      "holdfast.attempt.outcome": "failed",
      "error.type": "Error",
      "error.message": "the card was refused",
      "error.level": "WARN",
      will_retry: true,
      "holdfast.attempt.delay": 0.005,
      "holdfast.attempt.reset": false,
    });
    expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: "the card was refused" });
    expect(first?.events.map(({ name }) => name)).toEqual(["exception"]);
    expect(second?.attributes).toMatchObject({
      "holdfast.job.attempt": 2,
      "holdfast.attempt.outcome": "completed",
      will_retry: false,
    });
    expect(second?.attributes).not.toHaveProperty(["error.type"]);
    expect(spans().filter((span) => traceOf(span) === traceOf(request))).toHaveLength(all.length);
  });

  test("attempts are traces of their own with a link to the enqueue, by default", async () => {
    const { telemetry, tracer, spansOnce } = recordTelemetry();
    const { client, work, job } = await openBench({ telemetry });
    await work([orderHandler, receipt.handler(() => {})]);
    const server = databases.closing(await serve(tracer, client, order));
    const id = await (await fetch(server.url, { method: "POST" })).text();
    const attempts = await spansOnce("process orders", 2);
    const [sent] = await spansOnce("send orders", 1);
    const [child] = await spansOnce("process mail", 1);
    const [sentChild] = await spansOnce("send mail", 1);
    for (const attempt of attempts) {
      expect(attempt.parentSpanContext).toBeUndefined();
      expect(attempt.links.map(({ context }) => context.spanId)).toEqual([idOf(sent)]);
    }
    expect(new Set([sent, child, ...attempts].map(traceOf)).size).toBe(4);
    expect(traceOf(sentChild)).toBe(traceOf(attempts[1]));
    expect(child?.links.map(({ context }) => context.spanId)).toEqual([idOf(sentChild)]);
    expect((await job(id)).trace).toBe(`00-${traceOf(sent)}-${idOf(sent)}-01`);
  });

  test("jobs enqueued in a transaction go on with the trace, and a span that ended otherwise says how", async () => {
    const { telemetry, spansOnce } = recordTelemetry({ attempts: "child" });
    const { client, work, finished } = await openBench({ telemetry });
    const handler = order.handler(async (payload, job) => {
      if (job.attempt === 1 && job.run === 1) return job.snooze("80ms");
      return job.transaction(async (tx) => {
        await client.enqueueMany([receipt.request(payload), receipt.request(payload)], { tx });
      });
    });
    await work([handler, receipt.handler((_, job) => job.discard("no such customer"))]);
    const { id } = await client.enqueue(order, { order: 1 });
    await finished(id);
    const [snoozed, transacted] = await spansOnce("process orders", 2);
    const [sent] = await spansOnce("send mail", 1);
    const children = await spansOnce("process mail", 2);
    expect(snoozed?.attributes).toMatchObject({
      "holdfast.attempt.outcome": "snoozed",
      "holdfast.job.state": "scheduled",
      will_retry: false,
    });
    expect(snoozed?.attributes["holdfast.attempt.delay"]).toBeLessThanOrEqual(0.08);
    expect(transacted?.attributes).toMatchObject({ "holdfast.attempt.outcome": "completed" });
    expect(parentOf(sent)).toBe(idOf(transacted));
    expect(sent?.attributes).toMatchObject({ "messaging.batch.message_count": 2 });
    for (const child of children) {
      expect(parentOf(child)).toBe(idOf(sent));
      expect(child.attributes).toMatchObject({
        "holdfast.attempt.outcome": "discarded",
        "error.type": "DiscardError",
        "error.level": "ERROR",
        will_retry: false,
      });
    }
  });

  test("a batch is one span with a link to each job, and an event for each that did not complete", async () => {
    const { telemetry, spansOnce } = recordTelemetry({ attempts: "child" });
    const { client, work } = await openBench({ telemetry });
    const handler = receipt.batchHandler({ size: 10 }, (batch) =>
      batch.items.map((item) =>
        item.payload.order === 2 ? item.fail(new Error("bounced")) : item.complete(),
      ),
    );
    for (const number of [1, 2, 3]) await client.enqueue(receipt, { order: number });
    const sent = await spansOnce("send mail", 3);
    const worker = await work([handler]);
    const [batch] = await spansOnce("process mail", 1);
    await worker.stop();
    expect(batch?.links.map(({ context }) => context.spanId)).toEqual(sent.map(idOf));
    expect(batch?.attributes).toMatchObject({
      "messaging.batch.message_count": 3,
      "holdfast.job.name": "receipt",
      "error.type": "Error",
    });
    expect(batch?.status.message).toBe("1 of 3 jobs failed: bounced");
    expect(batch?.events).toMatchObject([
      {
        name: "holdfast.attempt",
        attributes: { "error.message": "bounced", "error.level": "WARN", will_retry: true },
      },
    ]);
  });
});
