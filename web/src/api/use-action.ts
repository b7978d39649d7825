import { useMutation } from "@tanstack/react-query";
import type { Topic } from "../../../src/dashboard/wire/live.ts";
import { useToasts } from "../components/toasts.tsx";
import { refresher } from "../live/topic-refresher.ts";
import { act } from "./request.ts";

export interface Action<Answer> {
  /** Below `api/`: `jobs/12/retry`. */
  readonly path: string;
  readonly body?: object;
  /** What to read again. */
  readonly topics: readonly Topic[];
  /** Said when it is done; nothing when left out. */
  readonly done?: string | ((answer: Answer) => string);
  /** Takes it back, offered beside what is said. */
  readonly undo?: () => void;
}

/**
 * Does things on the server: what is affected is read again, and a refusal is shown as a toast. `run` resolves to
 * `undefined` when it was refused.
 */
export function useAction(): {
  readonly run: <Answer>(action: Action<Answer>) => Promise<Answer | undefined>;
  readonly pending: boolean;
} {
  const toasts = useToasts();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) => act<unknown>(path, body),
  });
  const run = async <Answer>(action: Action<Answer>): Promise<Answer | undefined> => {
    const { path, body = {}, topics, done, undo } = action;
    try {
      const answer = (await mutateAsync({ path, body })) as Answer;
      const text = typeof done === "function" ? done(answer) : done;
      if (text !== undefined) toasts.show({ text, ...(undo === undefined ? {} : { undo }) });
      return answer;
    } catch (error) {
      toasts.showError(error);
      return undefined;
    } finally {
      for (const topic of topics) refresher.refresh(topic);
    }
  };
  return { run, pending: isPending };
}
