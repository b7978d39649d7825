// The service: all it needs to know is in its environment. Run it by main.mjs, which starts what it talks to.
import { createWorker, defineJob } from "holdfast";
import { bootstrap, currentAuth } from "holdfast/bootstrap";
import { z } from "zod";

const greet = defineJob({
  name: "greet",
  payload: z.object({ url: z.url() }),
  result: z.object({ hello: z.string() }),
});

const service = await bootstrap("greeter");

await service.run(async ({ client, state, log, signal }) => {
  const worker = createWorker(client, {
    handlers: [
      greet.handler(async ({ url }, job) => {
        // Nobody handed an identity in: it is that of the service.
        const response = await currentAuth().fetch(url, { signal: job.signal });
        if (!response.ok) throw new Error(`the callee said ${await response.text()}`);
        return /** @type {{ hello: string }} */ (await response.json());
      }),
    ],
  });
  await worker.start();
  try {
    const { id } = await client.enqueue(greet, { url: process.env["CALLEE_URL"] ?? "" });
    const { hello } = await client.handle(id).result({ timeout: "10s" });
    signal.throwIfAborted();
    log.info({ hello }, "greeted");
    const visits = state.hasRedis ? await state.redis().incr("visits") : "no redis";
    const one = state.hasPg ? (await state.pg().query("SELECT 1")).rowCount : "no postgres";
    console.log(`the callee greeted ${hello}; ${visits}, ${one}`);
  } finally {
    await worker.stop();
  }
});
