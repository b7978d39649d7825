import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Menu, type MenuItem } from "../../components/menu.tsx";
import { useToasts } from "../../components/toasts.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { readViews, removeView, saveView, type View } from "./view-store.ts";

interface SavedViewsProps {
  /** The filter that is applied. */
  readonly text: string;
  readonly onShow: (filter: string) => void;
}

/** Filters by their names: some that are always there, and those that were saved in this browser. */
export function SavedViews({ text, onShow }: SavedViewsProps) {
  const { jobs } = useText();
  const views = useViews();
  const [naming, setNaming] = useState(false);
  const current = views.saved.find(({ filter }) => filter === text);
  const show = ({ name, filter }: View): MenuItem => ({
    label: name,
    onSelect: () => onShow(filter),
    checked: filter === text,
  });
  const items: readonly MenuItem[] = [
    ...builtIn(jobs).map(show),
    ...views.saved.map(show),
    ...(text === "" || current !== undefined
      ? []
      : [{ label: jobs.views.save, icon: "plus", onSelect: () => setNaming(true) } as const]),
    ...(current === undefined
      ? []
      : [
          {
            label: jobs.views.remove(current.name),
            icon: "trash",
            onSelect: () => views.remove(current),
          } as const,
        ]),
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
            views.save({ name, filter: text });
            setNaming(false);
          }}
        />
      )}
    </>
  );
}

/** The views of this browser; saving and removing is said, and removing can be taken back. */
function useViews() {
  const { views } = useText().jobs;
  const toasts = useToasts();
  const [saved, setSaved] = useState(readViews);
  const keep = (view: View) => {
    saveView(view);
    setSaved(readViews());
  };
  return {
    saved,
    save: (view: View) => {
      keep(view);
      toasts.show({ text: views.saved(view.name) });
    },
    remove: (view: View) => {
      removeView(view.name);
      setSaved(readViews());
      toasts.show({ text: views.removed(view.name), undo: () => keep(view) });
    },
  };
}

const builtIn = ({ views }: Catalogue["jobs"]): readonly View[] => [
  { name: views.running, filter: "state:running" },
  { name: views.failed, filter: "state:discarded finished:<1d" },
  { name: views.retrying, filter: "state:retryable" },
  { name: views.waiting, filter: "wait:>5m" },
];
