// @ts-check
// A Hono server with a worker beside it: reports are asked for over HTTP and written in the background.
//   node examples/hono/main.mjs
//   curl -d '{"title":"sales"}' -H content-type:application/json localhost:3000/reports
// Jobs are kept in jobs.db, or in the PostgreSQL of DATABASE_URL. SIGTERM or Ctrl-C stops it cleanly.
import { setTimeout as pause } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { createClient, createWorker, defineJob, isHoldfastError } from "holdfast";
import { holdfast, mount, runBeside } from "holdfast/hono";
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

const app = new Hono()
  .use(holdfast(client))
  .post("/reports", async (c) => {
    const { id } = await c.var.holdfast.enqueue(report, await c.req.json());
    return c.json({ id }, 202);
  })
  .get("/reports/:id", async (c) => {
    const job = await c.var.holdfast.jobs.get(c.req.param("id"));
    if (job === undefined) return c.json({ error: "There is no such report." }, 404);
    return c.json({ state: job.state, report: job.result, trace: job.trace });
  })
  .onError((error, c) => {
    if (isHoldfastError(error) && error.code === "PAYLOAD_INVALID") {
      return c.json({ error: error.message }, 400);
    }
    if (error instanceof SyntaxError) return c.json({ error: "The body is no JSON." }, 400);
    if (error instanceof HTTPException) return error.getResponse();
    console.error(error);
    return c.json({ error: "Something went wrong." }, 500);
  });
mount(app, "/internal", createHealthHandler({ client, worker, path: "/internal" }));

const port = Number(process.env["PORT"] ?? 3000);
const server = serve({ fetch: app.fetch, port }, (info) => {
  console.log(`http://localhost:${info.port}`);
});
await runBeside(server, { client, worker });
console.log("stopped");
