import { useState } from "react";
import { useLocation } from "wouter";
import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useConfirm } from "../../components/confirm.tsx";
import { useText } from "../../text/text-context.tsx";
import { RunNowButton } from "../schedules/run-now-button.tsx";
import { TurnButton } from "../schedules/turn-button.tsx";
import { ScheduleForm } from "./schedule-form.tsx";

interface ScheduleActionsProps {
  readonly schedule: ScheduleRow;
}

/** What can be done with a schedule. What code declares is changed there. */
export function ScheduleActions({ schedule }: ScheduleActionsProps) {
  const { schedules } = useText();
  const [editing, setEditing] = useState(false);
  const { group, job } = schedule;
  const declared = group === null ? undefined : schedules.declaredReason(group);
  return (
    <>
      <RunNowButton name={schedule.name} />
      <TurnButton schedule={schedule} />
      <ActionButton
        permission="schedules:update"
        icon="edit"
        refusal={declared ?? (job === null ? schedules.unreadable : undefined)}
        onClick={() => setEditing(true)}
      >
        {schedules.edit}
      </ActionButton>
      <DeleteButton schedule={schedule} />
      {editing && <ScheduleForm schedule={schedule} onClose={() => setEditing(false)} />}
    </>
  );
}

function DeleteButton({ schedule: { name, group } }: ScheduleActionsProps) {
  const { schedules } = useText();
  const [, navigate] = useLocation();
  const confirm = useConfirm();
  const { run, pending } = useAction();
  const remove = async () => {
    const sure = await confirm({
      title: schedules.deleteTitle(name),
      effect: group === null ? schedules.deleteEffect : schedules.deleteDeclared(group),
      action: schedules.delete,
      dangerous: true,
    });
    if (!sure) return;
    const path = `schedules/${encodeURIComponent(name)}/remove`;
    const done = await run({
      path,
      // The list is read when one comes to it; this page has nothing to read any more.
      topics: ["overview"],
      done: schedules.deleted(name),
    });
    if (done !== undefined) navigate("/schedules");
  };
  return (
    <ActionButton
      permission="schedules:update"
      icon="trash"
      tone="danger"
      pending={pending}
      onClick={() => void remove()}
    >
      {schedules.delete}
    </ActionButton>
  );
}
