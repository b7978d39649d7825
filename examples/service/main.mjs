// A service with an identity: an issuer that gives it tokens, a callee that verifies them, and the service between them.
//   node examples/service/main.mjs
// With DATABASE_URL or REDIS_URL in the environment it uses those as well.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startCallee } from "./callee.mjs";
import { startIssuer } from "./issuer.mjs";

const program = fileURLToPath(new URL("service.mjs", import.meta.url));
const issuer = await startIssuer({
  "credential-of-the-greeter": { subject: "greeter", scopes: ["greet"] },
});
const callee = await startCallee(issuer, "greetings");

/**
 * Runs the service and says how it ended.
 *
 * @param {Readonly<Record<string, string>>} env
 */
async function run(env) {
  const child = spawn(process.execPath, [program], {
    stdio: "inherit",
    env: {
      HOLDFAST_URL: "sqlite::memory:",
      ...process.env,
      HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.tokenUrl,
      HOLDFAST_AUTH_SERVICE_CREDENTIAL: "credential-of-the-greeter",
      HOLDFAST_AUTH_SERVICE_AUDIENCE: "greetings",
      HOLDFAST_AUTH_SERVICE_TOKEN_SCOPES: "greet",
      CALLEE_URL: callee.url,
      ...env,
    },
  });
  await once(child, "close");
  return child.exitCode;
}

const done = await run({});
console.log(`it ended with ${done}`);

console.log("\nthe same with a credential that the issuer does not know:");
const refused = await run({ HOLDFAST_AUTH_SERVICE_CREDENTIAL: "another", HOLDFAST_LOG: "silent" });
console.log(`it ended with ${refused}`);

await callee.close();
await issuer.close();
process.exitCode = done ?? 1;
