import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { mount as mountExpress } from "holdfast/express";
import { mount as mountFastify } from "holdfast/fastify";
import { mount as mountHono, type WebHandler } from "holdfast/hono";
import { describe, expect, onTestFinished, test } from "vitest";

/** Says what it was asked. */
const echo: WebHandler = async (request, caller) => {
  const { pathname, search } = new URL(request.url);
  if (pathname.endsWith("/broken")) throw new Error("broken");
  if (pathname.endsWith("/empty")) return new Response(null, { status: 204 });
  const text = request.body === null ? null : await request.text();
  const address = caller?.remoteAddress ?? "unknown";
  const headers = { "x-method": request.method, "x-address": address, "set-cookie": "a=b" };
  return Response.json({ path: pathname + search, text }, { headers });
};

/** Applications with a handler under a path, and before it what reads bodies. */
const apps: Readonly<Record<string, (path: string, handler: WebHandler) => Promise<Server>>> = {
  async hono(path, handler) {
    const app = new Hono().use(async (c, next) => {
      if (c.req.header("x-read") !== undefined) await c.req.text();
      await next();
    });
    mountHono(app, path, handler);
    const listener = getRequestListener(app.fetch);
    return createServer((request, response) => void listener(request, response));
  },
  async express(path, handler) {
    const app = express();
    app.use(express.json(), express.text(), express.urlencoded(), express.raw());
    mountExpress(app, path, handler);
    return createServer(app);
  },
  async "express in a router"(path, handler) {
    const router = express.Router();
    mountExpress(router, "/deep", handler);
    return createServer(express().use(path.replace(/\/deep$/, ""), router));
  },
  async fastify(path, handler) {
    const app = fastify();
    mountFastify(app, path, handler);
    await app.ready();
    return app.server;
  },
};

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(Object.entries(apps))("a handler mounted in %s", (_name, open) => {
  test("sees whole paths, methods and queries, and answers as it likes", async () => {
    const url = await listen(await open("/jobs/deep", echo));
    for (const path of ["/jobs/deep", "/jobs/deep/a%20b/c?d=1&d=2"]) {
      const answer = await fetch(url + path, { method: "DELETE" });
      expect(answer.headers.get("x-method")).toBe("DELETE");
      expect(answer.headers.get("x-address")).toBe("127.0.0.1");
      expect(answer.headers.getSetCookie()).toEqual(["a=b"]);
      expect(await answer.json()).toMatchObject({ path });
    }
    expect((await fetch(`${url}/jobs/deep/empty`)).status).toBe(204);
    expect((await fetch(`${url}/jobs/deeper`)).status).toBe(404);
    expect((await fetch(`${url}/jobs`)).status).toBe(404);
  });

  test.each([
    ["application/json", '{"a":[1,"ü"]}'],
    ["text/plain", "text"],
    ["application/x-www-form-urlencoded", "a=1&b=two+words"],
    ["application/octet-stream", "\u0001\u0002"],
    ["application/vnd.other", "other"],
  ])("gets a body of %s, whoever read it before", async (type, body) => {
    const url = await listen(await open("/deep", echo));
    const headers = { "content-type": type, "x-read": "1" };
    const answer = await fetch(`${url}/deep/x`, { method: "POST", body, headers });
    expect(await answer.json()).toEqual({ path: "/deep/x", text: body });
  });

  test("may fail, and the framework answers", async () => {
    const url = await listen(await open("/deep", echo));
    expect((await fetch(`${url}/deep/broken`)).status).toBe(500);
    expect((await fetch(`${url}/deep`)).status).toBe(200);
  });

  test("hears that its caller has gone away", async () => {
    let gone: (() => void) | undefined;
    const heard = new Promise<void>((resolve) => (gone = resolve));
    const url = await listen(
      await open("/deep", (request) => {
        request.signal.addEventListener("abort", () => gone?.());
        const beat = new TextEncoder().encode("beat\n");
        return new Response(new ReadableStream({ start: (flow) => flow.enqueue(beat) }));
      }),
    );
    const leaving = new AbortController();
    const { body } = await fetch(`${url}/deep`, { signal: leaving.signal });
    await body?.getReader().read();
    leaving.abort();
    await heard;
  });
});
