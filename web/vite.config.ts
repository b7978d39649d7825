import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `holdfast dashboard` answers while the page is worked on with `vite dev`. */
const dashboard = process.env["HOLDFAST_DASHBOARD"] ?? "http://127.0.0.1:7077";

/** Says what the server says in a page it sends: where the dashboard is mounted. */
const baseElement: Plugin = {
  name: "base-element",
  apply: "serve",
  transformIndexHtml: (html) => html.replace("<head>", '<head><base href="/" />'),
};

/** What most pages need comes in one piece: apart, its parts would pack worse and take a request each. */
const shell =
  /node_modules\/(?!uplot|cronstrue)|web\/src\/(api|format|keys|live|shell)|web\/src\/text\/(?!de|en\.ts|en\/)|web\/src\/text\/en\/(first|charts|overview|queues|shell|words)|web\/src\/components\/(?!chart|json|time-chart)/;

export default defineConfig({
  root: here("."),
  // Relative: the server says in <base> where it was mounted.
  base: "./",
  cacheDir: here("../.cache/vite"),
  plugins: [react(), tailwindcss(), baseElement],
  // wouter asks for a stand-in for what React itself has had since 18.
  resolve: { alias: { "use-sync-external-store/shim/index.js": "react" } },
  // The Host header stays: writes are refused when it differs from the origin of the page.
  server: { proxy: { "/api": { target: dashboard, changeOrigin: false } } },
  build: {
    outDir: here("../dist/dashboard/page"),
    emptyOutDir: true,
    target: ["chrome123", "firefox121", "safari17.5"],
    cssCodeSplit: false,
    sourcemap: false,
    assetsInlineLimit: 0,
    // It would be an inline script, and every browser of the target loads modules ahead by itself.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shell", test: shell }] } } },
    // The page holds code of its libraries, whose licences ask to be passed on with it.
    license: { fileName: "licenses.md" },
  },
});
