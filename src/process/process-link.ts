import { defaults } from "../core/defaults.ts";
import { keepTail } from "./captured-output.ts";
import { describeEnd } from "./process-end.ts";
import { type GroupPlan, type ProcessEnd, startGroup } from "./process-group.ts";
import { createLineSplitter } from "./protocol/line-splitter.ts";
import type { ChildEars, ChildEnd, ChildLink, Connect } from "./warm-child.ts";

/** Children that are processes: lines on their standard input and output. */
export function processLinks(plan: GroupPlan, maxLineBytes: number): Connect {
  return (ears) => connect(plan, maxLineBytes, ears);
}

function connect(plan: GroupPlan, maxLineBytes: number, ears: ChildEars): ChildLink {
  const group = startGroup(plan);
  const splitter = createLineSplitter(maxLineBytes);
  const errors = keepTail(defaults.stderrBytes);
  group.stdout.on("data", (chunk: Uint8Array) => {
    const { lines, overflow } = splitter.push(chunk);
    for (const line of lines) ears.line(line);
    if (overflow) ears.breach(`a line is longer than ${maxLineBytes} bytes`);
  });
  group.stderr?.on("data", (chunk: Uint8Array) => errors.push(chunk));
  void group.ended.then((end) => ears.ended(toChildEnd(end, errors.text())));
  return {
    send: (line) => void group.stdin.write(`${line}\n`),
    close: () => void group.stdin.end(),
    kill: () => group.signal("SIGKILL"),
    keepAwake: (awake) => group.keepAwake(awake),
  };
}

function toChildEnd(end: ProcessEnd, said: string): ChildEnd {
  const why = describeEnd(end, said);
  return end.kind === "unstarted" ? { why, cause: end.error } : { why };
}
