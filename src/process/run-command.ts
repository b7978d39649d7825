import { defaults } from "../core/defaults.ts";
import { type CapturedOutput, keepHead, keepTail } from "./captured-output.ts";
import { type ProcessEnd, type ProcessGroup, startGroup } from "./process-group.ts";

/** A command ready to be started. */
export interface ReadyCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | Uint8Array;
}

/** How a command went. */
export interface CommandRun {
  readonly end: ProcessEnd;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  /** True when it was told to stop before it ended, whatever it made of that. */
  readonly stopped: boolean;
}

/** What bounds a command. */
export interface CommandBounds {
  readonly maxOutput: number;
  readonly graceMs: number;
}

/**
 * Runs a command to its end. When the signal aborts, its whole process group gets SIGTERM, and SIGKILL after the grace.
 */
export async function runCommand(
  command: ReadyCommand,
  signal: AbortSignal,
  { maxOutput, graceMs }: CommandBounds,
): Promise<CommandRun> {
  const group = startGroup({ ...command, stderr: "pipe" });
  const stdout = keepHead(maxOutput);
  const stderr = keepTail(defaults.stderrBytes);
  group.stdout.on("data", (chunk: Uint8Array) => stdout.push(chunk));
  group.stderr?.on("data", (chunk: Uint8Array) => stderr.push(chunk));
  group.stdin.end(command.stdin);
  const stop = stopOnAbort(group, signal, graceMs);
  const end = await group.ended;
  return { end, stdout, stderr, stopped: stop.over() };
}

interface Stop {
  /** Ends the watch; true when the group was told to stop. */
  over(): boolean;
}

function stopOnAbort(group: ProcessGroup, signal: AbortSignal, graceMs: number): Stop {
  let stopped = false;
  let kill: NodeJS.Timeout | undefined;

  function stop(): void {
    if (group.hasExited()) return;
    stopped = true;
    group.signal("SIGTERM");
    kill = setTimeout(() => group.signal("SIGKILL"), graceMs);
  }

  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    over() {
      clearTimeout(kill);
      signal.removeEventListener("abort", stop);
      return stopped;
    },
  };
}
