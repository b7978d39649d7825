import type { ProcessEnd } from "./process-group.ts";

/** How a program ended, in words that follow its name, with the end of what it said about it. */
export function describeEnd(end: ProcessEnd, said = ""): string {
  const words = said.trim();
  return words === "" ? wordsFor(end) : `${wordsFor(end)}: ${words}`;
}

function wordsFor(end: ProcessEnd): string {
  switch (end.kind) {
    case "exited":
      return `exited with code ${end.code}`;
    case "killed":
      return `was ended by ${end.signal}`;
    case "unstarted":
      return `could not be started (${end.error instanceof Error ? end.error.message : String(end.error)})`;
  }
}
