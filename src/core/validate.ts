import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type ErrorCode, HoldfastError } from "./errors.ts";
import { formatPath, type Issue } from "./issue.ts";

/**
 * Runs a Standard Schema over a value and gives its output, as a promise only when the schema is asynchronous; without a
 * schema the value itself.
 *
 * @throws {HoldfastError} the given code, with every issue by path in `details.issues`.
 */
export function validate(
  schema: StandardSchemaV1 | undefined,
  value: unknown,
  called: string,
  invalid: ErrorCode,
): unknown {
  if (schema === undefined) return value;
  const answer = schema["~standard"].validate(value);
  return answer instanceof Promise
    ? answer.then((result) => outputOf(result, called, invalid))
    : outputOf(answer, called, invalid);
}

function outputOf(
  result: StandardSchemaV1.Result<unknown>,
  called: string,
  invalid: ErrorCode,
): unknown {
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
