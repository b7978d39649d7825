import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type ErrorCode, HoldfastError } from "./errors.ts";
import { formatPath, type Issue } from "./issue.ts";

/**
 * Runs a Standard Schema over a value and gives its output; without a schema the value itself.
 *
 * @throws {HoldfastError} the given code, with every issue by path in `details.issues`.
 */
export async function validate(
  schema: StandardSchemaV1 | undefined,
  value: unknown,
  called: string,
  invalid: ErrorCode,
): Promise<unknown> {
  if (schema === undefined) return value;
  // Awaited only when the schema is asynchronous: an enqueue must not yield between its check and its insert.
  const answer = schema["~standard"].validate(value);
  const result = answer instanceof Promise ? await answer : answer;
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(toIssue);
  throw new HoldfastError(
    invalid,
    `The ${called} is invalid: ${issues.map((issue) => `${issue.path || "(top)"}: ${issue.message}`).join("; ")}.`,
    { details: { issues } },
  );
}

function toIssue(issue: StandardSchemaV1.Issue): Issue {
  const steps = (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step));
  return { path: formatPath(steps), message: issue.message };
}
