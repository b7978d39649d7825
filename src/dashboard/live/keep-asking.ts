/** A proxy's session, or somebody's role, is seldom looked up more often. */
const longestMs = 30_000;

/**
 * Asks again and again whether something may go on, some 25 s apart, and ends it when the answer is no, an error, or late by the time
 * it is to be asked again. The returned function stops that.
 */
export function keepAsking(mayGoOn: () => Promise<boolean>, end: () => void): () => void {
  let waiting = false;
  async function ask(): Promise<void> {
    if (waiting) return end();
    waiting = true;
    const may = await mayGoOn().catch(() => false);
    waiting = false;
    if (!may) end();
  }
  // Those that were opened at once are not asked about at once.
  const timer = setInterval(() => void ask(), longestMs * (1 - Math.random() / 3));
  timer.unref();
  return () => clearInterval(timer);
}
