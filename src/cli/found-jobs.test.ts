import { expect, test } from "vitest";
import { FoundJobs } from "./found-jobs.ts";

const job = (id: string, seq: string | null = null) => ({
  state: "available",
  queue: "q",
  id,
  seq,
});

test("no two jobs have the same id, however large and far apart the ids are", () => {
  const jobs = new FoundJobs();
  const ids = ["1", "2", "8", "9", "1023", "1024", "9007199254740992", "9007199254740993"];
  ids.forEach((id, index) => jobs.add(job(id), index + 2));
  expect(jobs.count).toBe(ids.length);
  for (const id of ids) {
    expect(() => jobs.add(job(id), 12)).toThrow(
      `Line 12 cannot be imported: a line before it is of job ${id} too`,
    );
  }
});

test("new jobs get numbers that none of them has", () => {
  const jobs = new FoundJobs();
  jobs.add(job("9007199254740993", "7"), 2);
  jobs.add(job("3"), 3);
  jobs.checkDrawn({ lastId: "9007199254740993", lastSeq: "7" });
  expect(() => jobs.checkDrawn({ lastId: "9007199254740992", lastSeq: "7" })).toThrow(
    "last_id is 9007199254740992, and a job before it has 9007199254740993",
  );
  expect(() => jobs.checkDrawn({ lastId: "9007199254740993", lastSeq: "6" })).toThrow(
    "last_seq is 6",
  );
});
