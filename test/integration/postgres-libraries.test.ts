import { inspect } from "node:util";
import {
  type Client,
  createClient,
  createWorker,
  defineJob,
  type JobContext,
  type Worker,
} from "holdfast";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { postgresSchemas, silent } from "./client-databases.ts";
import { libraries, type OpenLibrary } from "./postgres-libraries.ts";

/** What libraries have mangled somewhere, all at once. */
const awkward = {
  text: `"double" 'single' \\ back \\0 $1 $$ ? ?? :name ::json {1,2} %s -- é 日本 🚀 \u2028 \ud7ff\n\t\u0001`,
  list: [1, 2.5, null, true, "a,b", [], {}],
  long: "x".repeat(200_000),
};

const note = defineJob<unknown>({ name: "note" });
const keyed = defineJob<{ key: string }>({
  name: "keyed",
  unique: { key: ({ key }) => key, onConflict: "error" },
});

/** What the job does, by the payload of each. */
const work = new Map<string, (job: JobContext<string>) => Promise<unknown>>();
const write = defineJob<string, string>({
  name: "write",
  retry: { attempts: 2, backoff: "fixed", delay: 1 },
});
const writing = write.handler(async (what, job) => {
  await work.get(what)?.(job);
  return "not reached";
});

const schemas = postgresSchemas();
let client: Client;
let ambient: Client;
let worker: Worker;
let own: pg.Client;
let url = "";
let giveBack: () => Promise<void>;

beforeAll(async () => {
  const { place, close } = await schemas.migrated();
  url = place.url;
  giveBack = close;
  client = await createClient({ ...place, logger: silent });
  ambient = await createClient({ ...place, logger: silent, transactions: "ambient" });
  own = new pg.Client(url);
  await own.connect();
  worker = createWorker(client, { handlers: [writing], poll: "20ms", drain: "1s" });
  await worker.start();
  await own.query(
    "CREATE TABLE notes (id bigint, CONSTRAINT once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)",
  );
});

afterAll(async () => {
  await worker.stop();
  await ambient.close();
  await client.close();
  await own.query("DROP TABLE notes");
  await own.end();
  await giveBack();
});

const notes = async () => (await own.query("SELECT id FROM notes")).rows.length;
const jobs = async (name: string) => {
  const counts = Object.values(await client.jobs.count({ name }));
  return counts.reduce((sum, count) => sum + count, 0);
};

describe.each(libraries.map((each) => [each.name, each] as const))("%s", (name, { open }) => {
  let library: OpenLibrary;
  beforeAll(async () => {
    library = await open(url);
  });
  afterAll(() => library.close());

  test("what is enqueued exists exactly if the transaction commits", async () => {
    const [notesBefore, jobsBefore] = [await notes(), await jobs("note")];
    const ids = await library.using.open(async (tx) => {
      await library.run(tx, `INSERT INTO notes SELECT count(*) FROM notes`);
      const one = await client.enqueue(note, awkward, { tx, tags: ["a,b", 'c"d'], delay: "1h" });
      const many = await client.enqueueMany(note, [awkward, 1, null], { tx });
      const mixed = await client.enqueueMany([note.request("mixed")], { tx });
      expect(await jobs("note")).toBe(jobsBefore);
      return [one, ...many, ...mixed].map(({ id }) => id);
    });
    const stored = await Promise.all(ids.map((id) => client.jobs.get(id)));
    expect(stored.map((job) => job?.payload)).toEqual([awkward, awkward, 1, null, "mixed"]);
    expect(stored[0]).toMatchObject({ state: "scheduled", tags: ["a,b", 'c"d'] });

    const failing = library.using.open(async (tx) => {
      await library.run(tx, `INSERT INTO notes SELECT count(*) FROM notes`);
      await client.enqueue(note, awkward, { tx });
      await client.enqueueMany(note, [1, 2, 3], { tx });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect([await notes(), await jobs("note")]).toEqual([notesBefore + 1, jobsBefore + 5]);
  });

  test("a commit that fails takes the job with it", async () => {
    const before = [await notes(), await jobs("note")];
    const failing = library.using.open(async (tx) => {
      await library.run(tx, "INSERT INTO notes VALUES (-1), (-1)");
      await client.enqueue(note, 1, { tx });
    });
    // Libraries wrap it, each in its own way.
    expect(inspect(await failing.catch((error: unknown) => error))).toContain('constraint "once"');
    expect([await notes(), await jobs("note")]).toEqual(before);
  });

  test("a conflict leaves the transaction usable, and enqueues at once do not mix", async () => {
    const [key, before] = [name, await jobs("note")];
    const { id } = await client.enqueue(keyed, { key });
    await library.using.open(async (tx) => {
      const all = await Promise.allSettled([
        client.enqueue(keyed, { key }, { tx }),
        client.enqueue(note, 1, { tx, unique: { key: `${name} 2` } }),
        client.enqueue(keyed, { key }, { tx }),
        client.enqueueMany(note, [2, 3], { tx }),
      ]);
      const ends = all.map(({ status }) => status);
      expect(ends).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
      expect(all[0]).toMatchObject({
        reason: { code: "UNIQUE_CONFLICT", details: { holder: id } },
      });
      await library.run(tx, "INSERT INTO notes SELECT count(*) FROM notes");
    });
    expect(await jobs("note")).toBe(before + 3);
  });

  test("its handle outside a transaction is refused, and so is a transaction that is over", async () => {
    const before = await jobs("note");
    const refused = client.enqueue(note, 1, { tx: library.outside });
    await expect(refused).rejects.toThrow(coded("INVALID_OPTION", "tx "));
    let kept: object | undefined;
    await library.using.open(async (tx) => {
      kept = tx;
      await client.enqueue(note, 1, { tx });
    });
    await expect(client.enqueue(note, 1, { tx: kept as object })).rejects.toThrow();
    expect(await jobs("note")).toBe(before + 1);
  });

  test("client.transaction opens its transactions, and strict and ambient clients know them", async () => {
    const before = await jobs("note");
    const { using } = library;
    await client.transaction(
      async (tx) => {
        await library.run(tx, "INSERT INTO notes SELECT count(*) FROM notes");
        await client.enqueue(note, 1, { tx });
        await expect(client.enqueue(note, 1)).rejects.toThrow(coded("TRANSACTION_OPEN"));
      },
      { using },
    );
    await ambient.transaction(async () => ambient.enqueueMany(note, [1, 2]), { using });
    await library.using.open((tx) =>
      ambient.within(tx, async () => {
        await ambient.enqueue(note, 1);
        await expect(ambient.jobs.get("1")).rejects.toThrow(coded("TRANSACTION_OPEN"));
      }),
    );
    expect(await jobs("note")).toBe(before + 4);
    const failing = ambient.transaction(
      async () => {
        await ambient.enqueue(note, 1);
        throw new Error("no");
      },
      { using },
    );
    await expect(failing).rejects.toThrow("no");
    expect(await jobs("note")).toBe(before + 4);
  });

  test("job.transaction opens its transactions, and the job ends with them", async () => {
    const [notesBefore, jobsBefore] = [await notes(), await jobs("note")];
    work.set(name, (job) =>
      job.transaction(
        async (tx) => {
          await library.run(tx, "INSERT INTO notes SELECT count(*) FROM notes");
          await job.enqueue(note, 1, { tx });
          if (job.attempt === 1) throw new Error("the first time");
          return "written";
        },
        { using: library.using, isolation: "serializable" },
      ),
    );
    const { id } = await client.enqueue(write, name);
    expect(await client.handle(id).result({ timeout: "10s" })).toBe("written");
    expect([await notes(), await jobs("note")]).toEqual([notesBefore + 1, jobsBefore + 1]);
  });
});
