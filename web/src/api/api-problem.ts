import type { ProblemAnswer } from "../../../src/dashboard/wire/problem.ts";

/** A request the server refused, with what it said. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** A stable code: one of docs/errors.md, or `HTTP_502` when something between answered. */
  readonly code: string;
  /** What to do next. */
  readonly detail: string;

  constructor({ status, title, code, detail }: Omit<ProblemAnswer, "type">) {
    super(title);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  /** Reads a refusal; whatever a proxy answered in the server's place is told by its status. */
  static async of(response: Response): Promise<ApiProblem> {
    const { status, statusText } = response;
    const body: unknown = await response.json().catch(() => undefined);
    const said = isObject(body) ? body : {};
    const text = (key: string) => (typeof said[key] === "string" ? said[key] : undefined);
    return new ApiProblem({
      status,
      title: text("title") ?? (statusText || `HTTP ${status}`),
      code: text("code") ?? `HTTP_${status}`,
      detail: text("detail") ?? "",
    });
  }
}

/** The server could not be reached at all. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
