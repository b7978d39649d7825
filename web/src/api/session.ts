import type { Permission } from "../../../src/dashboard/access/permission.ts";
import type { SessionAnswer } from "../../../src/dashboard/wire/session.ts";
import { useText } from "../text/text-context.tsx";
import { useResource } from "./use-resource.ts";

/** Who is asking and what they may do; undefined until it is known. */
export const useSession = (): SessionAnswer | undefined =>
  useResource<SessionAnswer>("session", "session").data;

/** Why the reader may not do something, in their words; undefined when they may. */
export function useRefusal(permission: Permission): string | undefined {
  const { words } = useText();
  const session = useSession();
  if (session === undefined) return words.loading;
  if (session.readOnly && permission !== "read" && permission !== "audit")
    return words.readOnlyReason;
  return session.permissions.includes(permission) ? undefined : words.missingPermission(permission);
}
