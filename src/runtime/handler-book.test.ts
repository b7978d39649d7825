import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineJob } from "../core/define-job.ts";
import { defaultRoute } from "../core/router.ts";
import { createHandlerBook } from "./handler-book.ts";

const mail = defineJob({ name: "mail", queue: "mails" }).handler(() => {});
const row = defineJob({ name: "row", version: { number: 3 } }).batchHandler({}, () => {});

const nobody = new Map<string, never>();

describe("a handler book", () => {
  test("knows handlers of both kinds, and gives each to those who run it", async () => {
    const book = createHandlerBook(new Map([["mail", mail]]), undefined, defaultRoute);
    await book.add(row);
    expect([book.any("mail"), book.any("row"), book.any("none")]).toEqual([mail, row, undefined]);
    expect([book.get("mail"), book.get("row")]).toEqual([mail, undefined]);
    expect([book.getBatch("mail"), book.getBatch("row")]).toEqual([undefined, row]);
    expect(book.batches()).toEqual([row]);
  });

  test("a line of jobs claims those that run one by one only, and the registration names all", async () => {
    const book = createHandlerBook(nobody, undefined, defaultRoute);
    await book.add(mail);
    await book.add(row);
    expect(book.versions()).toEqual({ mail: 1 });
    expect(book.duties()).toEqual({
      handlers: ["mail", "row"],
      queues: ["mails", "default"],
      slots: { mails: 10, default: 10 },
      versions: { mail: 1, row: 3 },
    });
    await book.remove("mail");
    expect(book.versions()).toEqual({});
    expect([...book.queues().keys()]).toEqual(["default"]);
  });

  test("serves the queues it was given, whatever its handlers say", async () => {
    const book = createHandlerBook(nobody, new Map([["only", 4]]), defaultRoute);
    await book.add(mail);
    expect([...book.queues()]).toEqual([["only", 4]]);
  });

  test("refuses a second handler of a name, of whatever kind", async () => {
    const book = createHandlerBook(nobody, undefined, defaultRoute);
    const twin = defineJob({ name: "mail" });
    await book.add(mail);
    await expect(book.add(mail)).rejects.toEqual(coded("DUPLICATE_HANDLER"));
    await expect(book.add(twin.batchHandler({}, () => {}))).rejects.toEqual(
      coded("DUPLICATE_HANDLER"),
    );
  });

  test("tells who follows of every change, waits for them, and of nothing that changes nothing", async () => {
    const book = createHandlerBook(nobody, undefined, defaultRoute);
    const before = book.duties();
    const heard: unknown[] = [];
    const unfollow = book.follow(async () => {
      await Promise.resolve();
      heard.push(book.duties().handlers);
    });
    await book.add(mail);
    expect(heard).toEqual([["mail"]]);
    expect(book.duties()).not.toBe(before);
    expect(book.duties()).toBe(book.duties());
    await book.remove("none");
    await book.remove("mail");
    expect(heard).toEqual([["mail"], []]);
    unfollow();
    await book.add(mail);
    expect(heard).toHaveLength(2);
  });
});

describe("a handler book with patterns of queues", () => {
  const given = new Map([
    ["mail*", 4],
    ["exact", 2],
  ]);

  test("serves what it names, its definitions' queues that fit, and those it meets", async () => {
    const book = createHandlerBook(new Map([["mail", mail]]), given, defaultRoute);
    expect(book.open()).toBe(true);
    expect([...book.queues()]).toEqual([
      ["exact", 2],
      ["mails", 4],
    ]);
    let changes = 0;
    book.follow(async () => void (changes += 1));
    await book.meet(["other", "exact", "mails"]);
    expect(changes, "nothing new fits").toBe(0);
    await book.meet(["mail-eu"]);
    expect(changes).toBe(1);
    expect(book.duties().queues).toEqual(["exact", "mails", "mail-eu"]);
  });

  test("is not open with names alone, or with none", () => {
    const open = (queues?: ReadonlyMap<string, number>) =>
      createHandlerBook(nobody, queues, defaultRoute).open();
    expect([open(), open(new Map([["exact", 2]]))]).toEqual([false, false]);
  });
});
