// @ts-check
import { isHoldfastError } from "holdfast";
import { createDashboard } from "holdfast/dashboard";
import { serveHttp } from "holdfast/http";

const host = "127.0.0.1";
const usualPort = 7_077;

/**
 * The dashboard of an example, for whoever sits at this machine: they may do everything.
 * @param {import("holdfast").Client} client
 * @param {number} [port] default 7077, or any other if that is taken
 */
export async function serveDashboard(client, port) {
  const dashboard = createDashboard({
    client,
    environment: { name: "example", color: "green" },
    // Only this machine reaches the port; a page elsewhere whose name leads here says that name.
    authorize: ({ headers }) =>
      /^(127\.0\.0\.1|localhost):\d+$/.test(headers.get("host") ?? "") && {
        role: "admin",
        actor: process.env["USER"] ?? "you",
      },
  });
  try {
    return await serveHttp(dashboard, { port: port ?? usualPort, host });
  } catch (error) {
    if (port !== undefined || !isHoldfastError(error, "LISTEN_FAILED")) throw error;
    return serveHttp(dashboard, { port: 0, host });
  }
}
