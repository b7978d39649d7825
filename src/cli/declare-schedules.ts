import type { Client } from "../core/client.ts";
import type { ApplyAnswer } from "../core/schedules-client.ts";
import type { HoldfastConfig } from "./config.ts";
import type { Printer } from "./printer.ts";

/**
 * Declares the schedules of the configuration; `undefined` when it has none.
 *
 * @throws {HoldfastError} what `client.schedules.apply` throws.
 */
export async function declareSchedules(
  client: Client,
  { schedules }: HoldfastConfig,
  print: Printer,
): Promise<ApplyAnswer | undefined> {
  if (schedules === undefined) return undefined;
  const { list, ...options } = schedules;
  const answer = await client.schedules.apply(list, options);
  if (answer.outcome === "older") {
    print.note("a newer deploy has declared the schedules; they were left as they are.");
  }
  return answer;
}
