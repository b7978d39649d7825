// @ts-check
// A Fastify server with a worker beside it: reports are asked for over HTTP and written in the background.
//   node examples/fastify/main.mjs
//   curl -d '{"title":"sales"}' -H content-type:application/json localhost:3000/reports
// Jobs are kept in jobs.db, or in the PostgreSQL of DATABASE_URL. SIGTERM or Ctrl-C stops it cleanly.
import { setTimeout as pause } from "node:timers/promises";
import fastify from "fastify";
import { createClient, createWorker, defineJob, isHoldfastError } from "holdfast";
import { holdfast, mount, runBeside } from "holdfast/fastify";
import { createHealthHandler } from "holdfast/http";
import { z } from "zod";

const report = defineJob({
  name: "write-report",
  payload: z.object({ title: z.string().min(1), seconds: z.number().max(60).default(1) }),
});

const client = await createClient(process.env["DATABASE_URL"] ?? "sqlite:jobs.db");
const worker = createWorker(client, {
  drain: "3s",
  handlers: [
    report.handler(async ({ title, seconds }, job) => {
      await pause(seconds * 1_000, undefined, { signal: job.signal });
      return `The report on ${title}`;
    }),
  ],
});

const app = fastify();
await app.register(holdfast(client));
mount(app, "/internal", createHealthHandler({ client, worker, path: "/internal" }));

app.setErrorHandler((error, _request, reply) => {
  if (!isHoldfastError(error) || error.code !== "PAYLOAD_INVALID") throw error;
  return reply.code(400).send({ error: error.message });
});

app.post("/reports", async (request, reply) => {
  const payload = /** @type {{ title: string }} */ (request.body);
  const { id } = await request.holdfast.enqueue(report, payload);
  return reply.code(202).send({ id });
});

app.get("/reports/:id", async (request, reply) => {
  const { id } = /** @type {{ id: string }} */ (request.params);
  const job = await request.holdfast.jobs.get(id);
  if (job === undefined) return reply.code(404).send({ error: "There is no such report." });
  return { state: job.state, report: job.result, trace: job.trace };
});

console.log(await app.listen({ port: Number(process.env["PORT"] ?? 3000) }));
await runBeside(app, { client, worker });
console.log("stopped");
