// A process that holds storages for a test in another process: it makes the calls it is told to, and sends the answers.
import { sqliteStorage } from "holdfast/sqlite";

/** @typedef {import("../../src/storage/contract/storage.ts").Storage} Storage */
/** @typedef {{ call: number, storage: number, method: string, args: unknown[] }} Order */

/** @type {Map<number, Storage>} */
const storages = new Map();
/** @type {Map<number, () => Promise<void>>} */
const stops = new Map();

/** @param {unknown} message */
const send = (message) => process.send?.(message);

/** @param {Order} order */
async function obey({ call, storage: id, method, args }) {
  if (method === "open") {
    storages.set(id, await sqliteStorage({ path: String(args[0]) }));
    return undefined;
  }
  const storage = storages.get(id);
  if (storage === undefined) throw new Error(`There is no storage ${id} here.`);
  if (method === "listen") {
    const stop = await storage.listen({
      onWork: (queues) => send({ listener: call, hint: "onWork", names: queues }),
      onCancel: (ids) => send({ listener: call, hint: "onCancel", names: ids }),
    });
    stops.set(call, stop);
    return undefined;
  }
  if (method === "stop") return await stops.get(Number(args[0]))?.();
  /** @type {unknown} */
  const found = Reflect.get(storage, method);
  if (typeof found !== "function") throw new Error(`A storage has no ${method}.`);
  return await Reflect.apply(found, storage, args);
}

process.on("message", (/** @type {Order} */ order) => {
  obey(order).then(
    (value) => send({ call: order.call, value }),
    (/** @type {Error & { code?: string, details?: unknown }} */ error) => {
      const { name, message, code, details } = error;
      send({ call: order.call, error: { name, message, code, details } });
    },
  );
});
