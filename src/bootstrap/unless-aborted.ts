/**
 * Waits for a promise no longer than until the signal aborts, and then throws its reason. What the promise still comes to is
 * handed to `giveBack`.
 */
export async function unlessAborted<T>(
  signal: AbortSignal,
  promise: Promise<T>,
  giveBack: (late: T) => unknown = () => {},
): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    if (signal.aborted) abort();
    return await Promise.race([aborted, promise]);
  } catch (error) {
    // Nobody waits any longer for how this ends.
    promise.then(giveBack).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
