import type { Catalogue } from "../catalogue.ts";

export const settings: Catalogue["settings"] = {
  unchanged: "Noch ist nichts geändert",
  notReady: "Etwas Angegebenes ist falsch oder wie zuvor",
};
