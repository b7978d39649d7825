import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Place } from "./place.ts";

const program = fileURLToPath(new URL("sqlite-locker.mjs", import.meta.url));

/** Lets another process take the file's lock; resolves when it has it. The function given back lets go. */
export async function lockFile({ file, atEnd }: Place): Promise<() => Promise<void>> {
  const child = fork(program, [file], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  await Promise.race([
    once(child, "message"),
    ended.then(() => Promise.reject(new Error("no lock"))),
  ]);
  return async () => {
    child.send("unlock");
    await ended;
  };
}
