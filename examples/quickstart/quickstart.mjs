// @ts-check
import { createClient, createWorker, defineJob } from "holdfast";
import { z } from "zod";

const welcome = defineJob({
  name: "welcome",
  payload: z.object({ email: z.email() }),
  unique: { key: ({ email }) => email }, // started again, this program finds the job it left
});
const client = await createClient("sqlite:quickstart.db");
const { id, outcome } = await client.enqueue(welcome, { email: "ada@example.com" });
console.log(`job ${id}: ${outcome}`);

const greet = welcome.handler(({ email }, job) => {
  const crash = process.argv.includes("--crash"); // throw once, then die once
  if (crash && job.attempt === 1) throw new Error("the first attempt fails");
  if (crash && job.attempt === 2) process.kill(process.pid, "SIGKILL");
  return `Welcome, ${email}! (attempt ${job.attempt})`;
});
const worker = createWorker(client, { handlers: [greet], lease: "2s" });
await worker.start();
console.log(await client.handle(id).result({ timeout: "30s" }));
await worker.stop();
await client.close();
