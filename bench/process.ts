import { createCounter } from "./counter.ts";
import { createProducing } from "./producing.ts";
import type { Command, Commands, OpenConsumer, Report, Request } from "./protocol.ts";
import type { Consumer } from "./system.ts";
import { findSystem } from "./systems/catalogue.ts";

/** One process of a system: `node process.ts name@backend url`, ordered about by messages of its parent. */
type Handlers = {
  readonly [Name in Command]: (input: Commands[Name][0]) => Promise<Commands[Name][1]>;
};

const send = (report: Report) => process.send?.(report);

function createHandlers(systemName: string, url: string): Handlers {
  const system = findSystem(systemName);
  const counter = createCounter((handled, lastAt) => send({ handled, lastAt }));
  const producing = createProducing(() => system.openProducer(url));
  const consumers: Consumer[] = [];

  async function openConsumer({ hold, recordAges, aim, concurrency }: OpenConsumer) {
    counter.reset(recordAges === true);
    const handle = hold === true ? counter.hold : counter.count;
    const plan = concurrency === undefined ? { aim, handle } : { aim, handle, concurrency };
    consumers.push(await system.openConsumer(url, plan));
    return null;
  }

  return {
    prepare: async () => (await system.prepare(url), null),
    remaining: () => system.remaining(url),
    async fill(backlog) {
      if (system.fill === undefined) throw new Error("has no way to prepare such a backlog");
      await system.fill(url, backlog);
      return null;
    },
    async history(jobs) {
      await system.history?.(url, jobs);
      return null;
    },
    async expire() {
      await system.expire?.(url);
      return null;
    },
    look: async (calls) => (await system.look?.(url, calls)) ?? {},
    ...producing,
    openConsumer,
    async start() {
      await Promise.all(consumers.map((consumer) => consumer.start()));
      return null;
    },
    async stop() {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
      return null;
    },
    tally: async ({ sinceMs }) => counter.tally(sinceMs),
    cpuSeconds: async () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    rssMb: async () => process.memoryUsage.rss() / 2 ** 20,
  };
}

async function answer(handlers: Handlers, { id, command, input }: Request) {
  try {
    const handler = handlers[command] as (input: unknown) => Promise<unknown>;
    send({ id, answer: await handler(input) });
  } catch (error) {
    send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

const [systemName = "", url = ""] = process.argv.slice(2);
const handlers = createHandlers(systemName, url);
process.on("message", (request: Request) => void answer(handlers, request));
process.on("disconnect", () => process.exit(0));
