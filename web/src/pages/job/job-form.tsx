import { type FormEvent, type ReactNode, useState } from "react";
import { parseJson } from "../../../../src/dashboard/json/parse-json.ts";
import { printJson } from "../../../../src/dashboard/json/print-json.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Input, TextArea } from "../../components/input.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { type DraftFault, type DraftField, draftFaults, type JobDraft } from "./job-draft.ts";

interface JobFormProps {
  readonly title: string;
  readonly action: string;
  readonly start: JobDraft;
  /** Fields that are not asked for, with what stands in their place. */
  readonly without?: Readonly<Partial<Record<DraftField, string>>>;
  readonly hints?: Readonly<Partial<Record<DraftField, string>>>;
  /** What else there is to say and to choose, below the fields. */
  readonly notes?: ReactNode;
  readonly onClose: () => void;
  /** Resolves to true when it was done. */
  readonly onSend: (draft: JobDraft) => Promise<boolean>;
}

/** What a job is made of, in a dialog. What is wrong is said when one wants to send it. */
export function JobForm({ title, action, start, without = {}, hints = {}, ...rest }: JobFormProps) {
  const { onClose, onSend, notes } = rest;
  const { shell, job } = useText();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [pending, setPending] = useState(false);
  const faults = draftFaults(draft);
  const relevant = (Object.keys(faults) as DraftField[]).filter((name) => !(name in without));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (relevant.length > 0) return;
    setPending(true);
    if (await onSend(draft)) onClose();
    else setPending(false);
  };
  const bind = (name: DraftField): BoundField => ({
    name,
    value: draft[name],
    set: (value) => setDraft({ ...draft, [name]: value }),
    error: tried ? faultText(faults[name], job.form) : undefined,
    hint: hints[name],
    instead: without[name],
  });
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
        <TextField {...bind("name")} />
        <PayloadField {...bind("payload")} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField {...bind("queue")} />
          <TextField {...bind("priority")} />
          <TextField {...bind("delay")} />
          <TextField {...bind("tags")} />
        </div>
        {notes}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{shell.close}</Button>
          <Button type="submit" tone="primary" pending={pending}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface BoundField {
  readonly name: DraftField;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly error: string | undefined;
  readonly hint: string | undefined;
  readonly instead: string | undefined;
}

function TextField({ name, value, set, error, hint, instead }: BoundField) {
  const { form } = useText().job;
  if (instead !== undefined) return instead === "" ? null : <p>{instead}</p>;
  return (
    <Field label={form[name]} hint={hint ?? form[`${name}Hint`]} error={error}>
      {(field) => (
        <Input
          {...field}
          value={value}
          inputMode={name === "priority" ? "numeric" : "text"}
          maxLength={name === "tags" ? undefined : 255}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => set(target.value)}
        />
      )}
    </Field>
  );
}

function PayloadField({ value, set, error, hint, instead }: BoundField) {
  const { form } = useText().job;
  if (instead !== undefined) return <p className="text-ink-soft">{instead}</p>;
  const format = () => {
    const parsed = parseJson(value);
    if ("node" in parsed) set(printJson(parsed.node, 2));
  };
  return (
    <div className="relative">
      <Field label={form.payload} hint={hint ?? form.payloadHint} error={error}>
        {(field) => (
          <TextArea
            {...field}
            value={value}
            rows={10}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => set(target.value)}
            className="font-mono text-xs"
          />
        )}
      </Field>
      <Button tone="quiet" className="absolute end-0 -top-1.5 h-7" onClick={format}>
        {form.format}
      </Button>
    </div>
  );
}

function faultText(
  fault: DraftFault | undefined,
  { wrong }: Catalogue["job"]["form"],
): string | undefined {
  if (fault === undefined) return undefined;
  if (fault.kind === "json") return wrong.json(fault.message, fault.line, fault.column);
  return wrong[fault.kind];
}
