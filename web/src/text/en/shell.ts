import { counting } from "../counted.ts";

const counted = counting("en");

/** What stands around every page. */
export const shell = {
  skip: "Skip to the page",
  pages: "Pages",
  titles: {
    overview: "Overview",
    jobs: "Jobs",
    queues: "Queues",
    schedules: "Schedules",
    workers: "Workers",
    limits: "Limits",
    operations: "Operations",
    health: "Health",
    audit: "Audit",
  },
  menu: "Menu",
  close: "Close",
  help: "Keyboard shortcuts",
  readOnly: "Read only",
  signedIn: (actor: string, role: string | undefined) =>
    role === undefined ? `You are ${actor}` : `You are ${actor} (${role})`,
  roles: { viewer: "viewer", operator: "operator", admin: "admin" },
  theme: { label: "Theme", system: "Like the system", light: "Light", dark: "Dark" },
  language: "Language",
  connection: {
    connecting: "Connecting",
    live: "Live",
    polling: "Polling",
    offline: "Offline",
    connectingTitle: "Connecting to the stream of changes",
    liveTitle: "Changes arrive as they happen",
    pollingTitle: "No stream comes through here: this page asks every few seconds",
    offlineTitle: "The server does not answer: what you see is as it was",
  },
  broken: {
    title: "This page broke",
    text: "Loading it again helps when the dashboard was updated meanwhile. If it stays, please report it.",
  },
  lost: {
    title: "There is no such page",
    text: "The address leads nowhere. It may have been typed by hand, or belong to another version.",
    home: "Go to the overview",
  },
};

/** The palette opened by Ctrl-K. */
export const palette = {
  title: "Go to or do",
  placeholder: "A page, a queue, a schedule, or a job's number",
  pages: "Pages",
  jobs: "Jobs",
  queues: "Queues",
  views: "Saved views",
  schedules: "Schedules",
  actions: "Actions",
  job: (id: string) => `Job ${id}`,
  searchJobs: (text: string) => `Search jobs for ${text}`,
  nothing: "Nothing fits.",
  found: (count: number) => counted(count, "entry", "entries"),
};

/** The dialog opened by `?`. */
export const keys = {
  title: "Keyboard shortcuts",
  everywhere: "Everywhere",
  here: "On this page",
  goTo: (page: string) => `Go to ${page}`,
  help: "Show these shortcuts",
  palette: "Open the palette",
  search: "Search",
  theme: "Change the theme",
  close: "Close what is open",
  nextRow: "Next row",
  previousRow: "Previous row",
  openRow: "Open the row",
  selectRow: "Select the row",
  followedBy: "then",
};
