import type { Catalogue } from "../catalogue.ts";

export const schedules: Catalogue["schedules"] = {
  title: "Zeitpläne",
};
