import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { Menu, type MenuItem } from "../../components/menu.tsx";
import { useToasts } from "../../components/toasts.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { readViews, removeView, saveView, type View } from "./view-store.ts";

interface SavedViewsProps {
  /** The filter that is applied. */
  readonly text: string;
  readonly onShow: (filter: string) => void;
}

/** Filters by their names: some that are always there, and those that were saved in this browser. */
export function SavedViews({ text, onShow }: SavedViewsProps) {
  const { jobs } = useText();
  const toasts = useToasts();
  const [saved, setSaved] = useState(readViews);
  const [naming, setNaming] = useState(false);
  const show = (view: View, checked?: boolean): MenuItem => ({
    label: view.name,
    onSelect: () => onShow(view.filter),
    checked: checked ?? view.filter === text,
  });
  const remove = (view: View): MenuItem => ({
    label: jobs.views.remove(view.name),
    icon: "trash",
    onSelect: () => {
      removeView(view.name);
      setSaved(readViews());
      const undo = () => {
        saveView(view);
        setSaved(readViews());
      };
      toasts.show({ text: jobs.views.removed(view.name), undo });
    },
  });
  const current = saved.find(({ filter }) => filter === text);
  const items: readonly MenuItem[] = [
    ...builtIn(jobs).map((view) => show(view)),
    ...saved.map((view) => show(view)),
    ...(text === "" || current !== undefined
      ? []
      : [{ label: jobs.views.save, icon: "plus", onSelect: () => setNaming(true) } as const]),
    ...(current === undefined ? [] : [remove(current)]),
  ];
  return (
    <>
      <Menu items={items}>
        {(props) => (
          <Button {...props} icon="star">
            {current?.name ?? jobs.views.title}
          </Button>
        )}
      </Menu>
      {naming && (
        <NameDialog
          filter={text}
          onClose={() => setNaming(false)}
          onSave={(name) => {
            saveView({ name, filter: text });
            setSaved(readViews());
            setNaming(false);
            toasts.show({ text: jobs.views.saved(name) });
          }}
        />
      )}
    </>
  );
}

const builtIn = ({ views }: Catalogue["jobs"]): readonly View[] => [
  { name: views.running, filter: "state:running" },
  { name: views.failed, filter: "state:discarded finished:<1d" },
  { name: views.retrying, filter: "state:retryable" },
  { name: views.waiting, filter: "wait:>5m" },
];

interface NameDialogProps {
  readonly filter: string;
  readonly onClose: () => void;
  readonly onSave: (name: string) => void;
}

function NameDialog({ filter, onClose, onSave }: NameDialogProps) {
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
