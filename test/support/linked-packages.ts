import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Gives a folder the packages that `holdfast init` would install: this one as it is built, and those it is developed with. */
export function linkPackages(folder: string): void {
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@types"), { recursive: true });
  symlinkSync(root, path.join(modules, "holdfast"));
  for (const name of ["typescript", "@types/node", "@photostructure"]) {
    symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  }
}
