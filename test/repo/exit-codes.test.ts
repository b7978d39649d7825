import { expect, test } from "vitest";
import { serviceExitCodes } from "../../src/bootstrap/exit-codes.ts";
import { readTables } from "../support/markdown-tables.ts";

test("docs/guides/services.md gives every error that has an exit code of its own the one it has", () => {
  const rows = readTables("guides/services.md").get("How it ends") ?? [];
  const documented = rows.flatMap(([code, when = ""]) =>
    [...when.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name]) => [name, Number(code)]),
  );
  expect(Object.fromEntries(documented)).toEqual(serviceExitCodes);
});
