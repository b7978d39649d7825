/** @import { Heart, HeartModule } from "../../src/storage/contract/presence.ts" */

/**
 * Opens the driver's own heart, but throws where nobody catches it in as many threads as shall die.
 * @param {{ inner: HeartModule, threads: SharedArrayBuffer, dying: number }} data
 * @returns {Promise<Heart>}
 */
export async function connect({ inner, threads, dying }) {
  if (Atomics.add(new Int32Array(threads), 0, 1) < dying) {
    setImmediate(() => {
      throw new Error("heart attack");
    });
    // Not one beat before that.
    return new Promise(() => {});
  }
  const driver = /** @type {{ connect(data: unknown): Promise<Heart> }} */ (
    await import(inner.url)
  );
  return driver.connect(inner.data);
}
