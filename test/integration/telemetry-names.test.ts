import { SpanKind } from "@opentelemetry/api";
import { defineJob } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { expect, test } from "vitest";
import { attributes, jobBuckets, metrics, spans } from "../../src/telemetry/names.ts";
import { followContexts, recordTelemetry } from "../support/telemetry-recorder.ts";
import { dieWithJobs } from "./dying-worker.ts";
import { describeWorkers } from "./worker-bench.ts";

const job = defineJob<string>({
  name: "job",
  retry: { attempts: 9, backoff: "fixed", delay: "5ms", resetAfter: 1e9 },
});
const later = defineJob<string>({ name: "later" });
const start = Date.UTC(2027, 2, 13, 20);

followContexts();

describeWorkers((openBench) => {
  test("everything a client and its worker do is told by the names that are documented, and by no other", async () => {
    const recorder = recordTelemetry();
    const { telemetry, spansOnce } = recorder;
    const clock = createManualClock(start);
    const bench = await openBench({ telemetry, clock });
    const { client } = bench;
    const crashing = await client.enqueue(job, "crash");
    await dieWithJobs(bench);
    await client.schedules.upsert({ name: "minutely", cron: "* * * * *", job: later, payload: "" });
    const put = await client.enqueue(later, "put off", { delay: "30s" });
    const worker = await bench.work([job.handler(() => {}), later.handler(() => {})], {
      lease: "500ms",
    });
    const [rescue] = await spansOnce("rescue default", 1);
    await clock.advance("1m");
    const crashed = bench.finished(crashing.id);
    await Promise.all([crashed, bench.finished(put.id), spansOnce("process default", 3)]);
    await client.enqueueMany([later.request("a"), job.request("b", { queue: "elsewhere" })]);
    await client.handle(put.id).get();
    await worker.stop();

    const sent = await spansOnce("send default", 2);
    expect(rescue?.attributes).toMatchObject({
      "messaging.message.id": crashing.id,
      "holdfast.job.attempt": 1,
      "holdfast.attempt.outcome": "crashed",
      "error.type": "WORKER_CRASHED",
      "error.level": "WARN",
      will_retry: true,
      "holdfast.attempt.delay": 0.005,
    });
    expect(rescue?.links[0]?.context.spanId).toBe(sent[0]?.spanContext().spanId);
    const [tick] = await spansOnce("tick minutely", 1);
    const processed = await spansOnce("process default", 3);
    const linked = processed.map(({ links }) => links[0]?.context.spanId);
    expect(linked).toContain(tick?.spanContext().spanId);
    const claims = await spansOnce("claim default", 1);
    const seen = claims.flatMap(({ links }) => links.map(({ context }) => context.spanId));
    expect(seen).toEqual(expect.arrayContaining(sent.map((span) => span.spanContext().spanId)));
    expect(claims.map((span) => span.parentSpanContext)).not.toContainEqual(expect.anything());

    const ended = recorder.spans();
    const told = await recorder.metrics();
    const names = Object.values(spans).map(({ name, kind }) => {
      const of = name.includes("schedule") ? " minutely" : " default";
      return `${name.replace(/ \{\w+\}/, of)} ${kind}`;
    });
    const spanNames = new Set(ended.map(({ name, kind }) => `${name} ${SpanKind[kind]}`));
    expect([...spanNames].toSorted()).toEqual([...names, "send PRODUCER"].toSorted());
    const labels = [...told.values()].flatMap(({ dataPoints }) =>
      dataPoints.flatMap((point) => Object.keys(point.attributes)),
    );
    const members = ended.flatMap((span) => Object.keys(span.attributes));
    expect(new Set([...members, ...labels])).toEqual(new Set(Object.values(attributes)));
    expect([...told.keys()].toSorted()).toEqual(
      Object.values(metrics)
        .map(({ name }) => name)
        .toSorted(),
    );
    const [durations] = told.get(metrics.process.name)?.dataPoints ?? [];
    expect(durations?.value).toMatchObject({ buckets: { boundaries: jobBuckets } });
    expect(told.get(metrics.sent.name)?.dataPoints).toContainEqual(
      expect.objectContaining({ value: 2 }),
    );
  });
});
