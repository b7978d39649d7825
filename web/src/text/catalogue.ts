import type { en } from "./en.ts";

/** What a language has to say: a missing text does not compile. */
export type Catalogue = typeof en;
