/** A choice of the reader that this browser keeps. Without storage it lasts until the page is left. */
export function remembered(name: string) {
  const key = `holdfast:${name}`;
  let unstored: string | undefined;
  return {
    get(): string | undefined {
      try {
        return localStorage.getItem(key) ?? unstored;
      } catch {
        return unstored;
      }
    },
    set(value: string): void {
      unstored = value;
      try {
        localStorage.setItem(key, value);
      } catch {
        // Storage may be forbidden or full; the choice then holds for this page.
      }
    },
  };
}
