import { expect, inject, test } from "vitest";
import { openTransactionPooler } from "../support/transaction-pooler.ts";
import { startCrew } from "./support/crew.ts";
import { enqueueMixed, expectAllAccountedFor, killSome } from "./support/mixed-load.ts";
import { openPlace } from "./support/place.ts";
import { secondsOf } from "./support/settings.ts";

const seconds = secondsOf(5);
const servers = 4;
const processes = 4;

test("behind a transaction pooler with few connections for many processes every count adds up, with a few kills", {
  timeout: (seconds + 90) * 1_000,
}, async ({ onTestFinished }) => {
  const pooler = await openTransactionPooler(inject("databaseUrl"), { servers });
  onTestFinished(() => pooler.close());
  const place = await openPlace("postgres", onTestFinished, pooler.url);
  const crew = await startCrew(place, {
    size: processes,
    options: { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY },
    replace: true,
  });
  const end = performance.now() + seconds * 1_000;
  const over = () => performance.now() > end;
  const [load] = await Promise.all([enqueueMixed(place, over), killSome(crew, over)]);
  const { completed } = await expectAllAccountedFor(place, load);
  expect(crew.deaths.filter(({ signal }) => signal !== "SIGKILL")).toEqual([]);
  expect(pooler.mostClients()).toBeGreaterThan(3 * servers);
  await crew.stop();
  console.log(
    `${seconds} s of mixed load behind a pooler: ${completed} jobs completed, up to ${pooler.mostClients()} ` +
      `connections of clients on ${servers}, ${crew.deaths.length} kills`,
  );
});
