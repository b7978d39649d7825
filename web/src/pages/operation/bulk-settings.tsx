import type { BulkAction } from "../../../../src/core/operation.ts";
import type { Counted } from "../../../../src/dashboard/wire/jobs.ts";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { asksForCount, type BulkDraft, type BulkFault } from "./bulk-draft.ts";

interface BulkSettingsProps {
  readonly action: BulkAction;
  readonly matched: Counted;
  readonly draft: BulkDraft;
  /** What is wrong, once one has tried to begin. */
  readonly fault: BulkFault | undefined;
  readonly onChange: (draft: BulkDraft) => void;
}

/** What an action has to be told, and for what cannot be taken back the count. */
export function BulkSettings({ action, matched, draft, fault, onChange }: BulkSettingsProps) {
  const { bulk } = useText().operations;
  const { number } = useFormats();
  const bind = (name: keyof BulkDraft) => ({
    value: draft[name],
    autoComplete: "off",
    maxLength: name === "why" ? 1_000 : 255,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ ...draft, [name]: target.value }),
  });
  switch (action) {
    case "cancel":
      return (
        <Field label={bulk.why} hint={bulk.whyHint}>
          {(field) => <Input {...field} {...bind("why")} />}
        </Field>
      );
    case "move":
      return (
        <Field label={bulk.queue} error={fault === "queue" ? bulk.queueMissing : undefined}>
          {(field) => <Input {...field} {...bind("queue")} />}
        </Field>
      );
    case "changePriority":
      return (
        <Field
          label={bulk.priority}
          hint={bulk.priorityHint}
          error={fault === "priority" ? bulk.priorityWrong : undefined}
        >
          {(field) => <Input {...field} {...bind("priority")} inputMode="numeric" />}
        </Field>
      );
    case "delete": {
      if (!asksForCount(action, matched)) return null;
      const count = number(matched.count);
      return (
        <Field
          label={bulk.typeCount(count)}
          hint={bulk.typeCountHint}
          error={fault === "count" ? bulk.typeCountWrong(count) : undefined}
        >
          {(field) => <Input {...field} {...bind("count")} inputMode="numeric" />}
        </Field>
      );
    }
    default:
      return null;
  }
}
