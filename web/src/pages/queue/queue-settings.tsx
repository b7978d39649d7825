import { type FormEvent, useState } from "react";
import type { QueueRow } from "../../../../src/dashboard/wire/queues.ts";
import { useRefusal } from "../../api/session.ts";
import { useAction } from "../../api/use-action.ts";
import { Card } from "../../components/card.tsx";
import { useText } from "../../text/text-context.tsx";
import { DraftButtons } from "../settings/draft-buttons.tsx";
import { changeBetween, type Settings, settingsOf } from "./settings-draft.ts";
import { SettingsGroup } from "./settings-group.tsx";

interface QueueSettingsProps {
  readonly queue: QueueRow;
}

/** What is set for a queue, to be changed while it runs. */
export function QueueSettings({ queue }: QueueSettingsProps) {
  const { settings: text } = useText().queues;
  const refusal = useRefusal("queues:update");
  const draft = useDraft(queue);
  const group = { settings: draft.settings, disabled: refusal !== undefined, onChange: draft.put };
  return (
    <Card title={text.title}>
      <form className="grid gap-5" onSubmit={draft.apply}>
        <p className="text-ink-soft">{refusal ?? text.hint}</p>
        <SettingsGroup {...group} title={text.atOnce} fields={["concurrency", "maxRunning"]} />
        <SettingsGroup
          {...group}
          title={text.backoff}
          fields={["backoffMin", "backoffMax", "backoffFactor", "backoffJitter"]}
        />
        <SettingsGroup {...group} title={text.retention} fields={["keepCompleted", "keepDead"]} />
        <DraftButtons
          permission="queues:update"
          changed={draft.touched}
          ready={draft.change !== undefined}
          pending={draft.pending}
          onReset={draft.reset}
        />
      </form>
    </Card>
  );
}

/** Keeps what was typed over what is stored, until it is stored itself. */
function useDraft(queue: QueueRow) {
  const { queues } = useText();
  const { run, pending } = useAction();
  const [typed, setTyped] = useState<Partial<Settings>>({});
  const [sent, setSent] = useState(false);
  const stored = settingsOf(queue);
  const settings = { ...stored, ...typed };
  const change = changeBetween(stored, settings);
  const reset = () => setTyped({});
  // What was typed stays until the stored settings have caught up, so that nothing jumps back and forth.
  if (sent && change === undefined) {
    setSent(false);
    setTyped({});
  }
  const send = (body: object, undo?: () => void) =>
    run({
      path: `queues/${encodeURIComponent(queue.name)}/update`,
      body,
      topics: ["queues", "overview"],
      done: queues.settings.done(queue.name),
      ...(undo === undefined ? {} : { undo }),
    });
  const apply = async (event: FormEvent) => {
    event.preventDefault();
    if (change === undefined) return;
    const back = changeBetween(settings, stored);
    const undo = back === undefined ? undefined : () => void send(back);
    if ((await send(change, undo)) !== undefined) setSent(true);
  };
  return {
    settings,
    change,
    pending,
    reset,
    touched: Object.keys(typed).some(
      (name) => settings[name as keyof Settings] !== stored[name as keyof Settings],
    ),
    put: (field: keyof Settings, value: string) => setTyped({ ...typed, [field]: value }),
    apply: (event: FormEvent) => void apply(event),
  };
}
