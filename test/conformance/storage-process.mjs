// A process that holds storages for a test in another process: it makes the calls it is told to, and sends the answers.
import { sqliteStorage } from "holdfast/sqlite";

/** @typedef {import("../../src/storage/contract/storage.ts").Storage} Storage */
/** @typedef {{ call: number, storage: number, method: string, args: unknown[] }} Order */

/** @type {Map<number, Storage>} */
const storages = new Map();
/** @type {Map<number, import("../../src/storage/contract/wakeup.ts").Listening>} */
const ears = new Map();

/** @param {unknown} message */
const send = (message) => process.send?.(message);

/**
 * @param {Order} order
 * @returns {Promise<unknown>}
 */
async function obey({ call, storage: id, method, args }) {
  if (method === "open") {
    storages.set(id, await sqliteStorage({ path: String(args[0]) }));
    return undefined;
  }
  const storage = storages.get(id);
  if (storage === undefined) throw new Error(`There is no storage ${id} here.`);
  if (method === "listen") {
    const listening = await storage.listen({
      onWork: (queues) => send({ listener: call, hint: "onWork", names: queues }),
      onCancel: (ids) => send({ listener: call, hint: "onCancel", names: ids }),
      onOrders: () => send({ listener: call, hint: "onOrders", names: [] }),
    });
    ears.set(call, listening);
    return undefined;
  }
  if (method === "stop") return await ears.get(Number(args[0]))?.stop();
  if (method === "waitFor")
    return await ears.get(Number(args[0]))?.waitFor(/** @type {string[]} */ (args[1]));
  const methods = /** @type {Record<string, (...args: unknown[]) => Promise<unknown>>} */ (
    /** @type {unknown} */ (storage)
  );
  return await methods[method]?.(...args);
}

/** @param {Order} order */
async function answer(order) {
  try {
    send({ call: order.call, value: await obey(order) });
  } catch (error) {
    const { name, message, code, details } =
      /** @type {Error & { code?: string, details?: unknown }} */ (error);
    send({ call: order.call, error: { name, message, code, details } });
  }
}

process.on("message", (/** @type {Order} */ order) => void answer(order));
