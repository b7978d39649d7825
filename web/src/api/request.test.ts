import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiProblem, NoAnswer } from "./api-problem.ts";
import { act, apiUrl, read, withQuery } from "./request.ts";

const answer = vi.fn<typeof fetch>();

beforeEach(() => {
  answer.mockReset();
  vi.stubGlobal("fetch", answer);
  vi.stubGlobal("document", { baseURI: "https://example.com/ops/jobs/" });
});
afterEach(() => void vi.unstubAllGlobals());

test("addresses are below wherever the dashboard is mounted", () => {
  expect(apiUrl("jobs/12").href).toBe("https://example.com/ops/jobs/api/jobs/12");
});

test("an act says where it comes from, and carries its body", async () => {
  answer.mockResolvedValue(Response.json({ outcome: "cancelled" }));
  expect(await act("jobs/12/cancel", { why: "late" })).toEqual({ outcome: "cancelled" });
  const [url, init] = answer.mock.calls[0] ?? [];
  expect(url).toEqual(new URL("https://example.com/ops/jobs/api/jobs/12/cancel"));
  expect(init).toMatchObject({ method: "POST", body: '{"why":"late"}' });
  expect(new Headers(init?.headers).get("x-holdfast")).toBe("1");
});

describe("what goes wrong is told:", () => {
  test("a refusal, in the server's words", async () => {
    const said = { status: 404, code: "JOB_NOT_FOUND", detail: "Look." };
    answer.mockResolvedValue(Response.json({ ...said, title: "No such job" }, { status: 404 }));
    const error = await read("jobs/12").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ ...said, message: "No such job" });
  });

  test("what a proxy says in the server's place, by its status", async () => {
    answer.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const error = await read("jobs").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 502, code: "HTTP_502", message: "HTTP 502" });
  });

  test("that nobody answers", async () => {
    answer.mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(read("jobs")).rejects.toBeInstanceOf(NoAnswer);
  });

  test("but not that the page itself went on to something else", async () => {
    const abort = new AbortController();
    abort.abort();
    const gone = new DOMException("aborted", "AbortError");
    answer.mockRejectedValue(gone);
    await expect(read("jobs", abort.signal)).rejects.toBe(gone);
  });
});

test("a query leaves out what is not given", () => {
  const query = { q: "name:a b", after: undefined, limit: 20, to: null, prefix: "" };
  expect(withQuery("jobs", query)).toBe("jobs?q=name%3Aa+b&limit=20");
  expect(withQuery("jobs", { q: "" })).toBe("jobs");
});
