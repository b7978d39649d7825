import { type FormEvent, useState } from "react";
import { useAction } from "../../api/use-action.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";
import { DraftButtons } from "../settings/draft-buttons.tsx";
import type { Limit } from "./limit-columns.tsx";
import { draftOf, limitChange, type LimitDraft, wrongFields } from "./limit-draft.ts";

interface LimitFormProps {
  readonly limit: Limit;
  readonly onClose: () => void;
}

/** Changes a limit while jobs count against it. */
export function LimitForm({ limit: { scope, ...limit }, onClose }: LimitFormProps) {
  const { limits } = useText();
  const { run, pending } = useAction();
  const [stored] = useState(() => draftOf(limit));
  const [draft, setDraft] = useState(stored);
  const change = limitChange(stored, draft);
  const send = (body: object, undo?: () => void) =>
    run({
      path: `limits/${encodeURIComponent(scope)}/update`,
      body,
      topics: ["limits", "overview"],
      done: limits.done(scope),
      ...(undo === undefined ? {} : { undo }),
    });
  const apply = async (event: FormEvent) => {
    event.preventDefault();
    const back = limitChange(draft, stored);
    if (change === undefined || back === undefined) return;
    if ((await send(change, () => void send(back))) !== undefined) onClose();
  };
  return (
    <Dialog title={limits.changeOne(scope)} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => void apply(event)}>
        <p className="text-ink-soft">{limits.hint}</p>
        <LimitFields draft={draft} onChange={setDraft} />
        <DraftButtons
          permission="limits:update"
          changed={draft !== stored}
          ready={change !== undefined}
          pending={pending}
          onReset={() => setDraft(stored)}
        />
      </form>
    </Dialog>
  );
}

interface LimitFieldsProps {
  readonly draft: LimitDraft;
  readonly onChange: (draft: LimitDraft) => void;
}

function LimitFields({ draft, onChange }: LimitFieldsProps) {
  const { limits: text } = useText();
  const wrong = wrongFields(draft);
  const names = ["concurrent", "rate"] as const;
  return names.map((name) => (
    <Field
      key={name}
      label={text.fields[name].label}
      hint={text.fields[name].hint}
      error={wrong.has(name) ? text.fields[name].wrong : undefined}
    >
      {(props) => (
        <Input
          {...props}
          autoComplete="off"
          placeholder={text.fields[name].empty}
          value={draft[name]}
          onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  ));
}
