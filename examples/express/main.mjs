// @ts-check
// An Express server with a worker beside it: reports are asked for over HTTP and written in the background.
//   node examples/express/main.mjs
//   curl -d '{"title":"sales"}' -H content-type:application/json localhost:3000/reports
// Jobs are kept in jobs.db, or in the PostgreSQL of DATABASE_URL. SIGTERM or Ctrl-C stops it cleanly.
import { setTimeout as pause } from "node:timers/promises";
import express from "express";
import { createClient, createWorker, defineJob, isHoldfastError } from "holdfast";
import { holdfast, mount, runBeside } from "holdfast/express";
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

const app = express();
app.use(express.json(), holdfast(client));
mount(app, "/internal", createHealthHandler({ client, worker, path: "/internal" }));

app.post("/reports", async (req, res) => {
  const payload = /** @type {{ title: string }} */ (req.body);
  const { id } = await req.holdfast.enqueue(report, payload);
  res.status(202).json({ id });
});

app.get("/reports/:id", async (req, res) => {
  const job = await req.holdfast.jobs.get(req.params.id);
  if (job === undefined) res.status(404).json({ error: "There is no such report." });
  else res.json({ state: job.state, report: job.result, trace: job.trace });
});

/** @type {express.ErrorRequestHandler} */
const answerErrors = (error, _req, res, next) => {
  if (!isHoldfastError(error) || error.code !== "PAYLOAD_INVALID") return next(error);
  res.status(400).json({ error: error.message });
};
app.use(answerErrors);

const server = app.listen(Number(process.env["PORT"] ?? 3000), () => {
  const address = server.address();
  if (typeof address === "object") console.log(`http://localhost:${address?.port}`);
});
await runBeside(server, { client, worker });
console.log("stopped");
