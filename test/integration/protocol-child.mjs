// A child of a pool that does what its payload says, good or bad.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** @import { ChildTask, ParentLine } from "./child-task.ts" */

/** @param {string | object} message `$` stands for the job's id, `$previous` for the one before it */
function say(message, id = "", previous = "") {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  process.stdout.write(
    `${text.replaceAll('"$"', `"${id}"`).replaceAll('"$previous"', `"${previous}"`)}\n`,
  );
}

let previous = "";
let deaf = false;

/** @param {{ id: string, payload: ChildTask }} request */
function work(request) {
  const { id, payload } = request;
  deaf = payload.deaf ?? false;
  if (payload.grandchild === true) {
    const { pid } = spawn("sleep", ["1000"], { stdio: "ignore" });
    say({ type: "progress", id, value: [process.pid, pid] });
  }
  for (const message of payload.say ?? []) say(message, id, previous);
  if (payload.tell === true) say({ type: "ok", id, result: { pid: process.pid, request } });
  if (payload.stderr !== undefined) process.stderr.write(payload.stderr);
  if (payload.exit !== undefined) process.exitCode = payload.exit;
  if (payload.exit !== undefined) process.stdin.destroy();
  previous = id;
}

for (const line of (process.env["FIRST"] ?? "").split("\n")) if (line !== "") say(line);
for await (const line of createInterface({ input: process.stdin })) {
  const message = /** @type {ParentLine} */ (JSON.parse(line));
  if (message.type === "hello" && process.env["FIRST"] === undefined) {
    say({ type: "ready", protocol: 1 });
  }
  if (message.type === "job") work(message);
  if (message.type === "cancel" && !deaf) {
    say({ type: "error", id: message.id, message: `stopped for a ${message.reason}` });
  }
}
