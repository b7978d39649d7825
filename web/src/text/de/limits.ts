import type { Catalogue } from "../catalogue.ts";

export const limits: Catalogue["limits"] = {
  title: "Limits",
};
