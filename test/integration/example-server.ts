import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** An example that serves HTTP, in a process of its own. */
export interface ExampleServer {
  readonly url: string;
  /** Asks it for JSON, or gives it some. */
  ask(path: string, body?: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly output: string;
  }>;
  /** Kills it if it has not ended. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an example on a port of its own, and waits until it listens. */
export async function startExample(name: string, databaseUrl: string): Promise<ExampleServer> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, PORT: "0", HOLDFAST_LOG: "info" };
  const child = spawn(process.execPath, [`${examples}${name}/main.mjs`], { env });
  let output = "";
  const listening = new Promise<string>((resolve, reject) => {
    const hear = (text: unknown) => {
      output += String(text);
      const url = /^http:\S+$/m.exec(output)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("close", () => reject(new Error(output)));
  });
  const ended = once(child, "close").then(() => {
    return { code: child.exitCode, signal: child.signalCode, output };
  });
  const url = await listening;
  return {
    url,
    ask: (path, body, headers) =>
      fetch(url + path, {
        ...(body === undefined ? {} : { method: "POST", body }),
        headers: { "content-type": "application/json", ...headers },
      }),
    signal: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
