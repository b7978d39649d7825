import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { monotonicMs } from "../payload.ts";
import type { Place } from "../places/place.ts";
import { medianOf } from "../report/spread.ts";
import type { Session } from "../session.ts";

/** What single statements and writes cost on this machine, in milliseconds. */
export interface PartCosts {
  readonly statementMs: number;
  readonly skipMsPerRow: number;
  readonly roundTripMs: number;
  readonly flushMs: number;
}

const repetitions = 300;
const transactions = 3_000;
const lockedRows = 10_000;
const claimedRows = 500;

/** Measures them with plain SQL in a database of its own, and with a file beside the server's. */
export async function measureParts(session: Session): Promise<PartCosts> {
  const room = await session.openRoom("scaling_parts");
  const [one, other] = [new Client(room.url), new Client(room.url)];
  await Promise.all([one.connect(), other.connect()]);
  try {
    return {
      roundTripMs: await medianTime(repetitions, () => one.query("SELECT 1")),
      statementMs: await transactionCpu(session.place, one),
      skipMsPerRow: await skipTime(one, other),
      flushMs: flushTime(),
    };
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

/** The server's CPU for the smallest transaction that writes. */
async function transactionCpu(place: Place, client: Client): Promise<number> {
  await client.query("CREATE TABLE written (id bigint GENERATED ALWAYS AS IDENTITY, n int)");
  const before = await place.cpuSeconds();
  for (let n = 0; n < transactions; n++) {
    await client.query("INSERT INTO written (n) VALUES ($1)", [n]);
  }
  return (((await place.cpuSeconds()) - before) * 1000) / transactions;
}

/** The time a claim takes longer for each locked row that it steps over. */
async function skipTime(holder: Client, claimer: Client): Promise<number> {
  await holder.query(
    `CREATE TABLE locked AS SELECT n::bigint AS id FROM generate_series(1, ${2 * lockedRows}) AS n`,
  );
  await holder.query("ALTER TABLE locked ADD PRIMARY KEY (id)");
  await holder.query("ANALYZE locked");
  const claim = () =>
    claimer.query(`SELECT id FROM locked ORDER BY id LIMIT ${claimedRows} FOR UPDATE SKIP LOCKED`);
  const free = await medianTime(15, claim);
  await holder.query("BEGIN");
  await holder.query(`SELECT id FROM locked ORDER BY id LIMIT ${lockedRows} FOR UPDATE`);
  const behind = await medianTime(15, claim);
  await holder.query("ROLLBACK");
  return Math.max(0, behind - free) / lockedRows;
}

async function medianTime(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const begin = monotonicMs();
    await work();
    taken.push(monotonicMs() - begin);
  }
  return medianOf(taken);
}

/** A page of the log's size, appended and synced as PostgreSQL does. */
function flushTime(): number {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-bench-flush-"));
  const file = openSync(path.join(folder, "log"), "w");
  const page = Buffer.alloc(8_192);
  try {
    const taken = Array.from({ length: repetitions }, () => {
      const begin = monotonicMs();
      writeSync(file, page);
      fdatasyncSync(file);
      return monotonicMs() - begin;
    });
    return medianOf(taken);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
