import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense } from "react";
import { Route, Router, Switch } from "wouter";
import { queryClient } from "../api/query-client.ts";
import { ConfirmProvider } from "../components/confirm.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { ToastProvider } from "../components/toasts.tsx";
import { ShortcutProvider } from "../keys/shortcuts.tsx";
import { LostPage } from "../pages/lost/lost-page.tsx";
import { Admission } from "./admission.tsx";
import { PageBoundary } from "./page-boundary.tsx";
import { decodedParts, rawAddress } from "./raw-address.ts";
import { routes } from "./routes.tsx";
import { Shell } from "./shell.tsx";

/** Where the dashboard is mounted, without a slash at its end: the server says it in <base>. */
const mountedAt = new URL(document.baseURI).pathname.replace(/\/$/, "");

/** The dashboard. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Router base={mountedAt} {...rawAddress}>
        <ShortcutProvider>
          <ToastProvider>
            <ConfirmProvider>
              <Shell>
                <Admission>
                  <Pages />
                </Admission>
              </Shell>
            </ConfirmProvider>
          </ToastProvider>
        </ShortcutProvider>
      </Router>
    </QueryClientProvider>
  );
}

function Pages() {
  return (
    <PageBoundary>
      <Suspense fallback={<Skeleton />}>
        <Switch>
          {routes.map(([path, Page]) => (
            <Route key={path} path={path}>
              {(params) => <Page key={path} params={decodedParts(params)} />}
            </Route>
          ))}
          <Route>
            <LostPage />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}
