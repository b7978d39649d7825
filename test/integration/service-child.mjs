import { setTimeout as sleep } from "node:timers/promises";
import { createWorker, defineJob } from "holdfast";
import { bootstrap, currentAuth } from "holdfast/bootstrap";

/** @import { Service } from "holdfast/bootstrap" */

const [mode = "", calleeUrl = ""] = process.argv.slice(2);

const greet = defineJob({ name: "greet" });
const service = await bootstrap("greeter", {
  identity: mode === "anonymous" ? "none" : { patience: "300ms" },
  // The one whose jobs are in the application's database.
  ...(mode === "work" ? { client: {} } : {}),
  drain: "300ms",
  // The one whose telemetry nobody takes.
  flush: mode === "consume" ? "500ms" : "5s",
});

/** @param {unknown} what */
function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** Calls the callee by a job, whose handler was handed no identity. */
async function callByJob(/** @type {Service} */ { client }) {
  const { id } = await client.enqueue(greet, null);
  return client.handle(id).result({ timeout: "10s" });
}

function makeWorker(/** @type {Service} */ { client }) {
  return createWorker(client, {
    handlers: [
      greet.handler(async () => {
        await sleep(1);
        const response = await currentAuth().fetch(calleeUrl);
        return { status: response.status, .../** @type {{}} */ (await response.json()) };
      }),
    ],
  });
}

/** @type {Readonly<Record<string, (service: Service) => Promise<unknown>>>} */
const bodies = {
  /** Uses all it has. */
  async work(given) {
    const { state } = given;
    const worker = makeWorker(given);
    await worker.start();
    try {
      say(await callByJob(given));
      await state.redis().set("greeted", "yes");
      const { rows } = await state.pg().query("SELECT 1 AS one");
      say({ redis: await state.redis().get("greeted"), rows });
      const { jobs } = await given.client.jobs.list();
      say({ stored: JSON.stringify(jobs) });
    } finally {
      await worker.stop();
    }
  },
  /** Calls again and again, until it no longer can. */
  async call({ auth }) {
    for (;;) {
      const response = await auth.fetch(calleeUrl);
      say({ status: response.status });
      await sleep(100);
    }
  },
  async throw(given) {
    const worker = makeWorker(given);
    await worker.start();
    say(await callByJob(given));
    throw new Error("the body broke");
  },
  /** Obeys the signal, as what waits does. */
  async wait({ signal }) {
    say("waiting");
    await sleep(60_000, undefined, { signal });
  },
  async ignore() {
    say("waiting");
    await sleep(60_000);
  },
  async consume(given) {
    const worker = makeWorker(given);
    const working = given.work(worker);
    say(await callByJob(given));
    await working;
  },
  async anonymous({ auth }) {
    say({ kind: (await auth.current()).kind });
  },
};

await service.run(async (given) => bodies[mode]?.(given));
