import { createClient } from "holdfast";
import { describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { describeSharedDatabases, silent } from "./client-databases.ts";
import { type ExampleServer, startExample } from "./example-server.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async function ask(server: ExampleServer, seconds: number): Promise<string> {
  const body = JSON.stringify({ title: "sales", seconds });
  const answer = await server.ask("/reports", body, { traceparent });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { readonly id: string };
  await eventually(`report ${id} is written`, async () => {
    const job = (await (await server.ask(`/reports/${id}`)).json()) as { readonly state: string };
    return job.state !== "available";
  });
  return id;
}

describeSharedDatabases((databases) => {
  // What differs between frameworks does not depend on the database.
  const frameworks = databases.kind === "PostgreSQL" ? ["fastify"] : ["hono", "express", "fastify"];

  describe.concurrent.each(frameworks)("the example of %s", (name) => {
    test("enqueues over HTTP, and after SIGTERM ends with 0: a job finishes, one that takes too long is given back unspent", async () => {
      const { url } = databases.place();
      await using server = await startExample(name, url);
      await eventually("it is ready", async () => (await server.ask("/internal/readyz")).ok);

      const wrong = ['{"title":7}', '{"title":'].map((body) => server.ask("/reports", body));
      for (const answer of await Promise.all(wrong)) expect(answer.status).toBe(400);
      expect((await server.ask("/reports/99")).status).toBe(404);
      expect((await server.ask("/elsewhere")).status).toBe(404);

      const long = await ask(server, 60);
      const short = await ask(server, 1);
      server.signal("SIGTERM");
      await eventually("it lets nobody in", () =>
        server.ask("/internal/livez").then(
          ({ status }) => status === 503,
          () => true,
        ),
      );
      const { code, signal, output } = await server.ended;
      expect({ code, signal }, output).toEqual({ code: 0, signal: null });
      expect(output).toMatch(/^stopped$/m);

      await using client = await createClient(url, { logger: silent });
      expect(await client.jobs.get(short)).toMatchObject({
        state: "completed",
        attempt: 1,
        result: "The report on sales",
        trace: traceparent,
      });
      expect(await client.jobs.get(long)).toMatchObject({ state: "available", attempt: 0 });
    });
  });

  test.runIf(databases.kind === "a SQLite file")(
    "a second signal kills an example that is stopping",
    async () => {
      const { url } = databases.place();
      await using server = await startExample("hono", url);
      const id = await ask(server, 60);
      server.signal("SIGINT");
      // One signal may arrive twice; the second counts once a second has passed.
      let ended = false;
      void server.ended.then(() => (ended = true));
      await eventually("it has ended", () => {
        server.signal("SIGTERM");
        return ended;
      });
      expect(await server.ended).toMatchObject({ code: null, signal: "SIGTERM" });
      // Before the drain was over, so that its job is left for a rescue.
      await using client = await createClient(url, { logger: silent });
      expect((await client.jobs.get(id))?.state).toBe("running");
    },
  );
});
