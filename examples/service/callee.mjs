import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import { close } from "./issuer.mjs";

const claims = z.object({ sub: z.string(), scope: z.string() });

/**
 * A service that lets in who shows a token of the issuer, meant for it and good for the scope `greet`, and says whom it saw.
 *
 * @param {{ readonly origin: string, readonly keysUrl: string }} issuer
 * @param {string} audience its own name
 */
export async function startCallee(issuer, audience) {
  const keys = createRemoteJWKSet(new URL(issuer.keysUrl));
  /** @type {import("node:http").IncomingHttpHeaders[]} */
  const calls = [];

  const server = createServer((request, response) => {
    calls.push(request.headers);
    verify(request.headers.authorization ?? "").then(
      (hello) => response.end(JSON.stringify({ hello })),
      (/** @type {unknown} */ error) => {
        response.statusCode = 401;
        response.end(JSON.stringify({ error: String(error) }));
      },
    );
  });

  /** @param {string} authorization */
  async function verify(authorization) {
    const token = authorization.replace(/^Bearer /, "");
    const verified = await jwtVerify(token, keys, { issuer: issuer.origin, audience });
    const { sub, scope } = claims.parse(verified.payload);
    if (!scope.split(" ").includes("greet")) throw new Error("no scope greet");
    return sub;
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, calls, close: () => close(server) };
}
