import { expect, test } from "vitest";
import { decodedParts } from "./raw-address.ts";

test("the parts of a path are what was encoded, whatever it is made of", () => {
  for (const name of ["a/b", "mail:eu", "100%", "a%2Fb", "?#&=+", "名前", "<b>"]) {
    expect(decodedParts({ name: encodeURIComponent(name) })).toEqual({ name });
  }
});

test("what was typed by hand and is encoded wrongly is taken as it is", () => {
  expect(decodedParts({ name: "100%", other: undefined })).toEqual({ name: "100%" });
});
