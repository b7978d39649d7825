import { type Catalogue } from "../text/catalogue.ts";
import { jobsLink } from "../pages/jobs/jobs-link.ts";
import { navigation } from "./pages.ts";

/** Something the palette offers. */
export interface PaletteEntry {
  readonly id: string;
  /** The heading it stands under. */
  readonly group: string;
  readonly label: string;
  /** Its shortcut, when it has one. */
  readonly keys?: string;
  readonly run: () => void;
}

interface Sources {
  readonly text: Catalogue;
  readonly queues: readonly string[];
  readonly schedules: readonly string[];
  readonly views: readonly { readonly name: string; readonly filter: string }[];
  readonly commands: readonly {
    readonly keys: string;
    readonly label: string;
    readonly run: () => void;
  }[];
  readonly navigate: (to: string) => void;
}

/** As many as fit on the screen; whoever wants another writes more. */
const most = 40;

/** What fits to what was written: all words of it occur, in any order. A number is a job's. */
export function paletteEntries(written: string, sources: Sources): readonly PaletteEntry[] {
  const { palette } = sources.text;
  const query = written.trim();
  const words = query.toLowerCase().split(/\s+/);
  const fits = (entry: PaletteEntry) => {
    const label = `${entry.group} ${entry.label}`.toLowerCase();
    return words.every((word) => label.includes(word));
  };
  const go = (group: string, label: string, to: string): PaletteEntry => {
    return { id: to, group, label, run: () => sources.navigate(to) };
  };
  const id = /^(?:job\s*)?#?(\d+)$/i.exec(query)?.[1];
  return [
    ...(id === undefined ? [] : [go(palette.jobs, palette.job(id), `/jobs/${id}`)]),
    ...known(sources, go).filter(fits).slice(0, most),
    ...(query === "" ? [] : [search(query, sources)]),
  ];
}

function search(query: string, { text, navigate }: Sources): PaletteEntry {
  const label = text.palette.searchJobs(query);
  const run = () => navigate(jobsLink(query));
  return { id: "search", group: text.palette.jobs, label, run };
}

type Go = (group: string, label: string, to: string) => PaletteEntry;

function known({ text, queues, schedules, views, commands }: Sources, go: Go): PaletteEntry[] {
  const { palette } = text;
  return [
    ...navigation.map(({ to, text: name, key }) => {
      return { ...go(palette.pages, text.shell.titles[name], to), keys: `g ${key}` };
    }),
    ...views.map(({ name, filter }) => {
      return { ...go(palette.views, name, jobsLink(filter)), id: `view ${name}` };
    }),
    ...queues.map((name) => go(palette.queues, name, `/queues/${encodeURIComponent(name)}`)),
    ...schedules.map((name) => {
      return go(palette.schedules, name, `/schedules/${encodeURIComponent(name)}`);
    }),
    ...commands.map((command) => ({ ...command, id: command.keys, group: palette.actions })),
  ];
}
