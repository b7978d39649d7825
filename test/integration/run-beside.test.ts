import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { type Client, createClient, createWorker, defineJob, type Worker } from "holdfast";
import { runBeside as besideNode } from "holdfast/express";
import { type BesideOptions, runBeside as besideFastify } from "holdfast/fastify";
import { describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { silent } from "./client-databases.ts";

const greet = defineJob<{ name: string }>({ name: "greet" });

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Beside = (options: BesideOptions) => Promise<void>;

/** Servers that listen, and the function that runs a worker beside them. */
const servers: Readonly<Record<string, (answer: Answer) => Promise<readonly [string, Beside]>>> = {
  async "a Node server"(answer) {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return [url, (options) => besideNode(server, options)];
  },
  async Fastify(answer) {
    const app = fastify();
    app.all("/*", (request, reply) => {
      reply.hijack();
      answer(request.raw, reply.raw);
    });
    return [await app.listen({ port: 0 }), (options) => besideFastify(app, options)];
  },
};

async function open(): Promise<{ readonly client: Client; readonly worker: Worker }> {
  const client = await createClient("sqlite::memory:", { logger: silent });
  return { client, worker: createWorker(client, { handlers: [greet.handler(() => {})] }) };
}

const isRefused = (url: string) =>
  fetch(url).then(
    ({ status }) => status === 503,
    () => true,
  );

describe.each(Object.entries(servers))("a worker beside %s", (_name, listen) => {
  test("ends when asked to: requests under way are answered, what outlasts the grace is hung up, then the client is closed", async () => {
    const { client, worker } = await open();
    let finish = async () => {};
    const [url, runBeside] = await listen((request, response) => {
      if (request.url === "/stream") response.write("open");
      else if (request.url === "/slow") {
        finish = async () => {
          const { id } = await client.enqueue(greet, { name: "late" });
          response.end(id);
        };
      } else response.end();
    });
    const stopping = new AbortController();
    const ended = runBeside({ client, worker, grace: "1s", signal: stopping.signal });
    await eventually("the worker runs", () => worker.state === "running");
    const slow = fetch(`${url}/slow`).then((answer) => answer.text());
    const stream = await fetch(`${url}/stream`);
    stopping.abort();
    await eventually("nobody is let in", () => isRefused(url));
    await finish();
    expect(await slow).toBe("1");
    await expect(stream.text()).rejects.toThrow("terminated");
    await ended;
    expect(worker.state).toBe("stopped");
    await expect(client.enqueue(greet, { name: "x" })).rejects.toThrow(coded("CLIENT_CLOSED"));
  });

  test("that cannot start says why, and everything is closed", async () => {
    const { client, worker } = await open();
    const [url, runBeside] = await listen((_request, response) => response.end());
    await worker.start();
    await expect(runBeside({ client, worker })).rejects.toThrow(coded("ALREADY_STARTED"));
    expect(await isRefused(url)).toBe(true);
    await expect(client.enqueue(greet, { name: "x" })).rejects.toThrow(coded("CLIENT_CLOSED"));
    expect(process.listenerCount("SIGTERM")).toBe(0);
  });

  test("refuses wrong options, and ends at once when it was asked to before", async () => {
    const { client, worker } = await open();
    const [, runBeside] = await listen((_request, response) => response.end());
    const wrong = { client, worker, grace: "soon" } as unknown as BesideOptions;
    await expect(runBeside(wrong)).rejects.toThrow(coded("INVALID_OPTION"));
    await expect(runBeside({ client } as BesideOptions)).rejects.toThrow(coded("INVALID_OPTION"));
    await runBeside({ client, worker, signal: AbortSignal.abort() });
    expect(worker.state).toBe("stopped");
  });
});
