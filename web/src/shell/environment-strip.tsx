import type { Environment } from "../../../src/dashboard/wire/session.ts";
import { useSession } from "../api/session.ts";

const colors: Readonly<Record<Environment["color"], string>> = {
  gray: "bg-strip-gray",
  green: "bg-strip-green",
  blue: "bg-strip-blue",
  amber: "bg-strip-amber",
  red: "bg-strip-red",
};

/** Says above every page where one is, so that production is never mistaken. */
export function EnvironmentStrip() {
  const environment = useSession()?.environment;
  if (environment === undefined || environment === null) return null;
  return (
    <div
      className={`h-5 overflow-hidden text-center text-xs leading-5 font-semibold tracking-wide text-strip-ink ${colors[environment.color]}`}
    >
      {environment.name}
    </div>
  );
}
