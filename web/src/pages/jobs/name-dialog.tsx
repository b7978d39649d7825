import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";

interface NameDialogProps {
  readonly filter: string;
  readonly onClose: () => void;
  readonly onSave: (name: string) => void;
}

/** Asks what a view is to be called. */
export function NameDialog({ filter, onClose, onSave }: NameDialogProps) {
  const { jobs, words } = useText();
  const [name, setName] = useState("");
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") onSave(name.trim());
  };
  return (
    <Dialog title={jobs.views.save} onClose={onClose}>
      <form onSubmit={save} className="grid gap-4">
        <p className="font-mono text-xs break-words text-ink-soft">{filter}</p>
        <Field label={jobs.views.name} hint={jobs.views.nameHint}>
          {(field) => (
            <Input
              {...field}
              value={name}
              required
              maxLength={60}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Button type="submit" tone="primary" className="justify-self-end">
          {words.save}
        </Button>
      </form>
    </Dialog>
  );
}
