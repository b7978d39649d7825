import { expect, test } from "vitest";
import { limitChange, wrongFields } from "./limit-draft.ts";

const stored = { concurrent: "5", rate: "100/1m" };

test("only what was changed is sent, and an emptied field takes the number away", () => {
  expect(limitChange(stored, { concurrent: " 5 ", rate: "100/1m " })).toBeUndefined();
  expect(limitChange(stored, { ...stored, concurrent: "7" })).toEqual({ concurrent: 7 });
  expect(limitChange(stored, { concurrent: "", rate: "" })).toEqual({
    concurrent: null,
    rate: null,
  });
});

test("what is no number of jobs and no rate is not sent", () => {
  for (const concurrent of ["0", "-1", "1.5", "2147483648", "x"]) {
    expect(wrongFields({ ...stored, concurrent })).toEqual(new Set(["concurrent"]));
  }
  for (const rate of ["100", "0/1m", "100/", "100/1", "100/0s", "/1m", "1000001/1h"]) {
    expect(wrongFields({ ...stored, rate })).toEqual(new Set(["rate"]));
    expect(limitChange(stored, { concurrent: "7", rate })).toBeUndefined();
  }
});
