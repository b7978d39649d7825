import type { Catalogue } from "../catalogue.ts";

export const operations: Catalogue["operations"] = {
  title: "Vorgänge",
};
