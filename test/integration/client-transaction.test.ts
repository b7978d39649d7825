import type * as NodeSqlite from "node:sqlite";
import { type Client, createClient, defineJob, type JobId, type Transaction } from "holdfast";
import pg from "pg";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const greet = defineJob<{ name: string }>({ name: "greet" });
const payload = { name: "x" };

const available = async (client: Client) => (await client.jobs.count()).available;

describeDatabases((databases) => {
  test("a job enqueued with the tx exists exactly if the transaction commits", async () => {
    const client = await databases.client();
    const kept = await client.transaction(async (tx) => {
      await tx.query("CREATE TABLE orders (id bigint)");
      await tx.query("INSERT INTO orders (id) VALUES ($1)", [7]);
      await client.enqueue(greet, payload, { tx });
      return client.enqueueMany(greet, [payload, payload], { tx });
    });
    expect(await available(client)).toBe(3);
    expect((await client.jobs.get(kept[1]?.id ?? ""))?.state).toBe("available");

    const failing = client.transaction(async (tx) => {
      await tx.query("INSERT INTO orders (id) VALUES ($1)", [8]);
      await client.enqueue(greet, payload, { tx });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await available(client)).toBe(3);
    const rows = await client.transaction((tx) => tx.query("SELECT count(*) AS n FROM orders"));
    expect(Number(rows.rows[0]?.["n"])).toBe(1);
    await client.transaction((tx) => tx.query("DROP TABLE orders"));
  });

  test("its queues are woken after the commit, and not after a rollback", async () => {
    const heard: string[] = [];
    const [client] = await databases.onStorage((storage) => ({
      ...storage,
      async wake(queues) {
        heard.push(...queues);
      },
    }));
    await client.transaction(async (tx) => {
      await client.enqueue(greet, payload, { tx, queue: "one" });
      await client.enqueue(greet, payload, { tx, queue: "two" });
      await client.enqueue(greet, payload, { tx, queue: "one" });
      await client.enqueue(greet, payload, { tx, queue: "late", delay: "1h" });
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual(["one", "two"]);
    await client
      .transaction(async (tx) => {
        await client.enqueue(greet, payload, { tx, queue: "three" });
        throw new Error("no");
      })
      .catch(() => {});
    expect(heard).toEqual(["one", "two"]);
  });

  test("every client call without the tx is TRANSACTION_OPEN inside, and fine again afterwards", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, payload, { delay: "1h" });
    const calls = everyCall(client, id);
    await client.transaction(async () => {
      for (const [name, call] of Object.entries(calls)) {
        await expect(call(), name).rejects.toThrow(coded("TRANSACTION_OPEN", "tx"));
      }
    });
    await client.transaction(async (tx) => {
      await client.enqueue(greet, payload, { tx });
    });
    for (const [name, call] of Object.entries(calls)) {
      const outcome = await call().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(outcome, name).not.toEqual(coded("TRANSACTION_OPEN"));
    }
  });

  test("what a transaction left running may call the client once it is over", async () => {
    const client = await databases.client();
    let over = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    let left: Promise<unknown> | undefined;
    await client.transaction(async () => {
      left = ended.then(() => client.enqueue(greet, payload));
    });
    over();
    await left;
    expect(await available(client)).toBe(1);
  });

  test("a transaction elsewhere in the process disturbs no other call", async () => {
    const client = await databases.client();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const transaction = client.transaction(async (tx) => {
      await client.enqueue(greet, payload, { tx });
      open();
      await ended;
    });
    await opened;
    const outside = client.enqueue(greet, payload);
    end();
    await transaction;
    await outside;
    expect(await available(client)).toBe(2);
  });

  test("what the function is, and what it gives back or throws, is the caller's business", async () => {
    const client = await databases.client();
    await expect(client.transaction(undefined as never)).rejects.toThrow(
      coded("INVALID_OPTION", "a function of tx"),
    );
    expect(await client.transaction(async () => "value")).toBe("value");
    expect(await client.transaction((() => 7) as never)).toBe(7);
    await expect(
      client.transaction(() => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
  });

  test("a tx that is over is refused", async () => {
    const client = await databases.client();
    let kept: Transaction | undefined;
    await client.transaction(async (tx) => {
      kept = tx;
    });
    await expect(client.enqueue(greet, payload, { tx: kept as object })).rejects.toThrow(
      coded("INVALID_OPTION"),
    );
    expect(await available(client)).toBe(0);
  });

  if (databases.kind === "a SQLite file") {
    test("enqueue is part of a transaction on the application's own SQLite handle", async () => {
      const place = databases.place();
      const client = databases.closing(await createClient({ ...place, logger: silent }));
      const handle = await applicationHandle(place.url.slice("sqlite:".length));
      handle.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY) STRICT");
      handle.exec("BEGIN IMMEDIATE");
      handle.exec("INSERT INTO orders VALUES (1)");
      await client.enqueue(greet, payload, { tx: handle });
      handle.exec("ROLLBACK");
      expect(await available(client)).toBe(0);

      handle.exec("BEGIN IMMEDIATE");
      handle.exec("INSERT INTO orders VALUES (2)");
      const { id } = await client.enqueue(greet, payload, { tx: handle });
      const many = await client.enqueueMany(greet, [payload, payload], { tx: handle });
      expect(await available(client)).toBe(0);
      handle.exec("COMMIT");
      expect(await available(client)).toBe(3);
      expect([id, ...many.map((receipt) => receipt.id)]).toHaveLength(3);
      await expect(client.enqueue(greet, payload, { tx: handle })).rejects.toThrow(
        coded("INVALID_OPTION"),
      );
      handle.close();
    });
  }

  if (databases.kind === "PostgreSQL") {
    test("enqueue is part of a transaction on the application's own pg client", async () => {
      const place = databases.place();
      const client = databases.closing(await createClient({ ...place, logger: silent }));
      const own = new pg.Client(place.url);
      await own.connect();
      try {
        await own.query("BEGIN");
        await client.enqueue(greet, payload, { tx: own });
        await own.query("ROLLBACK");
        expect(await available(client)).toBe(0);
        await own.query("BEGIN");
        await client.enqueueMany(greet, [payload, payload], { tx: own });
        expect(await available(client)).toBe(0);
        await own.query("COMMIT");
        expect(await available(client)).toBe(2);
      } finally {
        await own.end();
      }
    });
  }
});

/** Every call of a client that must not be made inside a transaction. */
function everyCall(client: Client, id: JobId): Record<string, () => Promise<unknown>> {
  const handle = client.handle(id);
  const wait = { timeout: "1ms" } as const;
  return {
    enqueue: () => client.enqueue(greet, payload),
    "enqueue by name": () => client.enqueue("by-name", {}),
    enqueueMany: () => client.enqueueMany(greet, [payload]),
    "enqueueMany of requests": () => client.enqueueMany([greet.request(payload)]),
    transaction: () => client.transaction(async () => {}),
    "handle.get": () => handle.get(),
    "handle.result": () => handle.result(wait),
    "handle.finished": () => handle.finished(wait),
    "jobs.get": () => client.jobs.get(id),
    "jobs.list": () => client.jobs.list(),
    "jobs.count": () => client.jobs.count(),
    "jobs.runNow": () => client.jobs.runNow(id),
    "jobs.cancel": () => client.jobs.cancel(id),
    "jobs.retry": () => client.jobs.retry(id),
    "jobs.delete": () => client.jobs.delete(id),
    "queues.list": () => client.queues.list(),
    "queues.pause": () => client.queues.pause("other"),
    "queues.resume": () => client.queues.resume("other"),
    "workers.list": () => client.workers.list(),
    close: () => client.close(),
  };
}

/** What an application would use: Node's own SQLite, or on Node 20 its twin from npm. */
async function applicationHandle(file: string) {
  const own = process.getBuiltinModule("node:sqlite") as typeof NodeSqlite | undefined;
  const library = own ?? (await import("@photostructure/sqlite"));
  return new library.DatabaseSync(file);
}
