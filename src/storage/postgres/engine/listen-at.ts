import { HoldfastError } from "../../../core/errors.ts";
import { loadDriver } from "./load-driver.ts";
import type { OwnClient } from "./pg-shapes.ts";
import { ownOptions } from "./pool-options.ts";
import type { Pools } from "./pools.ts";

/**
 * How to make clients that listen elsewhere than the pools lead to: straight to the server, where those go through a pooler.
 * `undefined` for nowhere.
 *
 * @throws {HoldfastError} `INVALID_OPTION`; the pools are closed then.
 */
export async function listenAt(
  listen: string | false,
  pools: Pick<Pools, "close">,
): Promise<(() => OwnClient) | undefined> {
  if (listen === false) return undefined;
  try {
    if (!/^postgres(ql)?:\/\/./.test(listen)) throw new Error("it is no URL of PostgreSQL");
    const { Client } = await loadDriver();
    const newClient = () => new Client(ownOptions({ connectionString: listen }));
    newClient();
    return newClient;
  } catch {
    await pools.close();
    // The cause stays behind: it may quote the URL, and the URL may hold a password.
    throw new HoldfastError(
      "INVALID_OPTION",
      "listen must look like postgres://user:password@host:5432/database, or be false.",
      {
        details: { option: "listen" },
      },
    );
  }
}
