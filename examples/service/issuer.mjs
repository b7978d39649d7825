import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { z } from "zod";

const request = z.object({ audience: z.string(), scopes: z.array(z.string()) });

/**
 * An issuer of tokens, as small as one can be: it knows its services by their credentials, and signs what they may do.
 *
 * @param {Readonly<Record<string, { readonly subject: string, readonly scopes: readonly string[] }>>} services by credential
 * @param {{ readonly seconds?: number }} [options] how long a token is good
 */
export async function startIssuer(services, { seconds = 300 } = {}) {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  const keys = [{ ...(await exportJWK(publicKey)), alg: "EdDSA", kid: "1" }];

  const server = createServer((asked, response) => {
    answer(asked).then(
      ({ status = 200, ...body }) => {
        // So that nobody keeps a connection to an issuer that has gone.
        response.writeHead(status, { "content-type": "application/json", connection: "close" });
        response.end(JSON.stringify(body));
      },
      () => response.writeHead(400).end(),
    );
  });

  /** @param {import("node:http").IncomingMessage} asked */
  async function answer(asked) {
    if (asked.url === "/keys") return { keys };
    const service = services[(asked.headers.authorization ?? "").replace(/^Bearer /, "")];
    if (service === undefined) return { status: 401, error: "invalid_client" };
    const { audience, scopes } = request.parse(JSON.parse(await readText(asked)));
    const granted = scopes.filter((scope) => service.scopes.includes(scope));
    const token = await new SignJWT({ scope: granted.join(" ") })
      .setProtectedHeader({ alg: "EdDSA", kid: "1" })
      .setIssuer(url())
      .setSubject(service.subject)
      .setAudience(audience)
      .setExpirationTime(`${seconds}s`)
      .sign(privateKey);
    return { token, expires_in: seconds };
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  function url() {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }
  const origin = url();
  return {
    origin,
    tokenUrl: `${origin}/token`,
    keysUrl: `${origin}/keys`,
    close: () => close(server),
  };
}

/** @param {import("node:http").IncomingMessage} asked */
async function readText(asked) {
  let text = "";
  for await (const part of asked.setEncoding("utf8")) text += String(part);
  return text;
}

/** @param {import("node:http").Server} server */
export async function close(server) {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
