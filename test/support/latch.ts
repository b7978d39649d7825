/** Something that happens once, and a promise for it. */
export interface Latch<Value = void> {
  readonly opened: Promise<Value>;
  open(value: Value): void;
}

/** A latch that is shut. */
export function createLatch<Value = void>(): Latch<Value> {
  let open: (value: Value) => void = () => {};
  const opened = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { opened, open: (value) => open(value) };
}
