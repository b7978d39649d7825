import type { CallName, CallSubject, Telemetry } from "../core/telemetry.ts";

/** Makes a call on behalf of the application, told to a telemetry when there is one. */
export function tellCall<Value>(
  telemetry: Telemetry | undefined,
  name: CallName,
  subject: CallSubject,
  run: () => Promise<Value>,
): Promise<Value> {
  return telemetry === undefined ? run() : telemetry.call(name, subject, run);
}
