import type { Import } from "./imports.ts";
import {
  computedImports,
  driverDoors,
  drivers,
  forbiddenFor,
  mayImport,
  mayImportTypes,
  packages,
  type Room,
  roomOf,
  roomsWithoutNode,
  typesOnlyRooms,
} from "./rooms.ts";
import type { Rule } from "./rule.ts";
import type { SourceFile } from "./source-tree.ts";

const driverRooms: readonly (Room | undefined)[] = drivers.map(
  (name) => `storage/${name}` as const,
);

export const everyFileHasARoom: Rule = {
  name: "every source file lives in a room",
  why: "a file outside the rooms escapes the import table.",
  fix: "move it into the room it serves, or add a room to test/repo/architecture/rooms.ts and ARCHITECTURE.md.",
  *check(tree) {
    for (const file of tree.sources()) {
      if (file.room === undefined) yield { path: file.path, what: "is in no room" };
    }
  },
};

export const importTable: Rule = {
  name: "rooms import only what the table in rooms.ts allows",
  why: "a job goes one way through the rooms; an import against the way makes the parts inseparable.",
  fix: "move the shared part down (to core or storage/contract), or hand it in as an argument.",
  *check(tree) {
    for (const file of tree.sources()) {
      for (const edge of file.imports) {
        if (edge.target === undefined || isAllowed(file, edge, edge.target)) continue;
        yield { path: file.path, line: edge.line, what: `may not import ${edge.target}` };
      }
    }
  },
};

export const noDriverOutside: Rule = {
  name: "a driver is imported only by its own folder, its entry file and client/open-storage.ts",
  why: "whoever imports a driver works on one database only, and makes all users install its package.",
  fix: "use the interfaces of src/storage/contract; the driver arrives as an argument.",
  *check(tree) {
    for (const file of tree.sources()) {
      for (const { target, line, dynamic, typesOnly } of file.imports) {
        const room = roomOf(target ?? "");
        if (room === undefined || !driverRooms.includes(room) || file.room === room) continue;
        if (!driverDoors[file.path]?.includes(room)) {
          yield { path: file.path, line, what: `imports ${target}, a file of the driver ${room}` };
        } else if (file.room !== "entry" && !dynamic && !typesOnly) {
          yield {
            path: file.path,
            line,
            what: `imports ${target} statically; use await import(...)`,
          };
        }
      }
    }
  },
};

export const packageTable: Rule = {
  name: "npm packages and node: modules are imported only where rooms.ts allows",
  why: "dependencies are a promise to users: few, optional, and each behind one door.",
  fix: "do it with what the room has, or hand the package's object in from outside.",
  *check(tree) {
    for (const file of tree.sources()) {
      for (const edge of file.imports) {
        if (edge.target !== undefined || mayUsePackage(file, edge)) continue;
        yield { path: file.path, line: edge.line, what: `may not import ${edge.specifier}` };
      }
    }
  },
};

export const noCycles: Rule = {
  name: "no import cycles, imports of types included",
  why: "files in a cycle can only be understood, tested and loaded together.",
  fix: "move what both need into a third file that imports neither.",
  *check(tree) {
    const sources = [...tree.sources(), ...tree.pageSources()];
    const graph = new Map(sources.map((file) => [file.path, targetsOf(file)]));
    const done = new Set<string>();
    for (const start of graph.keys()) {
      const cycle = findCycle(graph, start, [], done);
      if (cycle === undefined) continue;
      for (const member of cycle) done.add(member);
      yield { path: cycle[0] ?? start, what: cycle.join(" → ") };
    }
  },
};

export const importRules: readonly Rule[] = [
  everyFileHasARoom,
  importTable,
  noDriverOutside,
  packageTable,
  noCycles,
];

function isAllowed(file: SourceFile, edge: Import, target: string): boolean {
  const from = file.room;
  const to = roomOf(target);
  // Files without a room and imports of drivers are the business of other rules.
  if (from === undefined) return true;
  if (to === undefined) return false;
  if (forbiddenFor[file.path]?.includes(to)) return false;
  if (to !== from && driverRooms.includes(to)) return true;
  if (typesOnlyRooms.includes(from) && !edge.typesOnly) return false;
  if (to === from || mayImport[from].includes(to)) return true;
  return edge.typesOnly && mayImportTypes[from]?.includes(to) === true;
}

function mayUsePackage({ path, room }: SourceFile, { specifier, typesOnly }: Import): boolean {
  if (room === undefined) return true;
  if (specifier === "(computed)") return computedImports.includes(path);
  const use = packages[room]?.[specifier];
  if (use !== undefined) return use === "all" || typesOnly;
  const isNode = specifier.startsWith("node:") && specifier !== "node:sqlite";
  return isNode && !roomsWithoutNode.includes(room);
}

const targetsOf = (file: SourceFile): string[] =>
  file.imports.flatMap(({ target }) => (target === undefined ? [] : [target]));

/** The first cycle reached from `file`; files that lead to none are added to `done`. */
function findCycle(
  graph: ReadonlyMap<string, readonly string[]>,
  file: string,
  trail: readonly string[],
  done: Set<string>,
): string[] | undefined {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const target of graph.get(file) ?? []) {
    const cycle = findCycle(graph, target, [...trail, file], done);
    if (cycle !== undefined) return cycle;
  }
  done.add(file);
  return undefined;
}
