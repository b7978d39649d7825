import { TextLink } from "../../components/text-link.tsx";
import { targetLink } from "./target-link.ts";

/** What something was done to, and the way to it. */
export function AuditTarget({ target }: { readonly target: string }) {
  const link = targetLink(target);
  const name = <bdi>{target}</bdi>;
  return link === undefined ? name : <TextLink to={link}>{name}</TextLink>;
}
