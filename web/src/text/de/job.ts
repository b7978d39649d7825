import type { Catalogue } from "../catalogue.ts";

export const job: Catalogue["job"] = {
  title: "Job",
};
