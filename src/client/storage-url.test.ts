import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { parseStorageUrl } from "./storage-url.ts";

describe("parseStorageUrl", () => {
  test.each([
    ["sqlite:jobs.db", "jobs.db"],
    ["sqlite:./data/jobs.db", "./data/jobs.db"],
    ["sqlite:/var/lib/jobs.db", "/var/lib/jobs.db"],
    ["sqlite://jobs.db", "jobs.db"],
    ["sqlite:///var/lib/jobs.db", "/var/lib/jobs.db"],
    ["SQLite:jobs.db", "jobs.db"],
    ["sqlite:my jobs#1%20.db", "my jobs#1%20.db"],
    ["sqlite:C:\\data\\jobs.db", "C:\\data\\jobs.db"],
    ["sqlite:///C:/data/jobs.db", "C:/data/jobs.db"],
    ["sqlite::memory:", ":memory:"],
    ["sqlite://:memory:", ":memory:"],
  ])("reads %s as a SQLite path", (url, path) => {
    expect(parseStorageUrl(url)).toEqual({ kind: "sqlite", path });
  });

  test.each([
    "postgres://localhost/app",
    "postgresql://user:secret@host:5432/app?sslmode=require",
    "postgres:///app?host=/var/run/postgresql",
  ])("leaves %s to the PostgreSQL driver", (url) => {
    expect(parseStorageUrl(url)).toEqual({ kind: "postgres", url });
  });

  test("takes a scheme in capitals", () => {
    const url = "postgres://localhost/App";
    expect(parseStorageUrl("Postgres://localhost/App")).toEqual({ kind: "postgres", url });
  });

  test.each([
    "",
    "jobs.db",
    ":memory:",
    "/var/lib/jobs.db",
    "sqlite:",
    "sqlite://",
    "sqlite:jobs.db?mode=ro",
    "sqlite:a\0b",
    "sqlite3:jobs.db",
    "file:jobs.db",
    "postgres:app",
    "mysql://host/app",
    " postgres://host/app",
  ])("refuses %j and lists what there is", (url) => {
    expect(() => parseStorageUrl(url)).toThrow(
      coded(
        "INVALID_OPTION",
        "sqlite:path (such as sqlite:jobs.db), sqlite::memory: or postgres://",
      ),
    );
  });

  test("never repeats a URL, which may hold a password", () => {
    expect(() => parseStorageUrl("mysql://user:hunter2@host/app")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") as unknown }),
    );
  });
});
