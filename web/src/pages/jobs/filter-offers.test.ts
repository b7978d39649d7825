import { expect, test } from "vitest";
import { complete } from "../../../../src/dashboard/filter/complete.ts";
import { offersFor, takeOffer } from "./filter-offers.ts";

/** What is offered at the caret, marked by |. */
function offered(marked: string, known: Parameters<typeof offersFor>[1] = []) {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  const completion = complete(text, caret);
  return { text, completion, offers: offersFor(completion, known) };
}

/** The text after the offer of that label was taken, with | at the caret. */
function taken(marked: string, label: string, known?: Parameters<typeof offersFor>[1]): string {
  const { text, completion, offers } = offered(marked, known);
  const offer = offers.find((each) => each.label === label);
  if (completion === undefined || offer === undefined) throw new Error(`no offer ${label}`);
  const { text: after, caret } = takeOffer(text, completion, offer);
  return `${after.slice(0, caret)}|${after.slice(caret)}`;
}

test("a field is offered by its beginning and taken with its mark", () => {
  expect(offered("st|").offers.map(({ label }) => label)).toEqual(["state"]);
  expect(taken("st|", "state")).toBe("state:|");
  expect(taken("err|", "error")).toBe("error:~|");
  expect(taken("pay|", "payload")).toBe("payload.|");
});

test("a field is changed without writing its colon twice", () => {
  expect(taken("sta|:discarded", "state")).toBe("state|:discarded");
});

test("a value completes a condition, a path does not", () => {
  const { offers } = offered("state:dis|");
  expect(offers).toMatchObject([{ label: "discarded", completes: true }]);
  const known = [
    { text: "id:", kind: "path" },
    { text: "42", kind: "value" },
  ] as const;
  expect(offered("payload.user.|", known).offers).toMatchObject([
    { text: "id:", completes: false },
  ]);
  expect(offered("payload.user.id:|", known).offers).toMatchObject([
    { text: "42", completes: true },
  ]);
  expect(taken("payload.user.|", "id:", known)).toBe("payload.user.id:|");
});

test("only the value at the caret is replaced", () => {
  expect(taken("state:dis|,cancelled queue:emails", "discarded")).toBe(
    "state:discarded|,cancelled queue:emails",
  );
});

test("nothing is offered inside the words of an error", () => {
  expect(offered("timeout of|").offers).toEqual([]);
});
