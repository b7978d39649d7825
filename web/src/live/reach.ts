import { ValueStore } from "./value-store.ts";

/** Whether the server answered when it was asked last. */
export const reach = new ValueStore(true);
