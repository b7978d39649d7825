import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What the issuer was asked. */
export interface IssuerCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How it answers: a status and a body, which is written as JSON unless it is text. */
export interface IssuerAnswer {
  readonly status?: number;
  readonly location?: string;
  readonly body: unknown;
}

/** An issuer of tokens: a real server on a port of its own. */
export interface TokenIssuer {
  readonly url: string;
  readonly calls: readonly IssuerCall[];
  /** How it answers from now on. */
  answer(how: (call: IssuerCall, number: number) => IssuerAnswer): void;
  /** Goes away: connections are refused. */
  close(): Promise<void>;
}

/** Starts an issuer that hands out `token-1`, `token-2`, ... for a minute each. */
export async function startIssuer(): Promise<TokenIssuer> {
  const calls: IssuerCall[] = [];
  let answer: Parameters<TokenIssuer["answer"]>[0] = (_call, number) => ({
    body: { token: `token-${number}`, expires_in: 60 },
  });
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const call = { headers: request.headers, body };
      calls.push(call);
      const { status = 200, location, body: said } = answer(call, calls.length);
      // So that whoever goes away leaves no connection behind.
      const elsewhere = location === undefined ? {} : { location };
      response.writeHead(status, { connection: "close", ...elsewhere });
      response.end(typeof said === "string" ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/token`,
    calls,
    answer(how) {
      answer = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A JWT with these claims; nobody here checks who signed it. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", "secret").update(signed).digest("base64url")}`;
}
