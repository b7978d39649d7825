const handles = new WeakMap<object, object>();

/** Says that a library's transaction runs on a handle that the library itself does not give away. */
export function standsFor(tx: object, handle: object): void {
  handles.set(tx, handle);
}

/** The handle it was said to run on. */
export function standIn(tx: object): object | undefined {
  return handles.get(tx);
}
