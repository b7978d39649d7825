import type { Permission } from "../../../src/dashboard/access/permission.ts";
import { useRefusal } from "../api/session.ts";
import { Button, type ButtonProps } from "./button.tsx";

interface ActionButtonProps extends ButtonProps {
  readonly permission: Permission;
}

/** A button for what not everybody may do: whoever may not sees why. */
export function ActionButton({ permission, refusal, ...rest }: ActionButtonProps) {
  const missing = useRefusal(permission);
  return <Button {...rest} refusal={missing ?? refusal} />;
}
