import { kindOf } from "../../core/check-options.ts";
import { type ChildMessage, protocolVersion, type Reply, type Report } from "./child-message.ts";

/** Why a child is given up. */
export interface ChildFailure {
  readonly code: "CHILD_LOST" | "CHILD_PROTOCOL";
  readonly why: string;
}

/**
 * Where a child is. One that is dying has been killed and not ended yet; what it still says is not heard. One that is over
 * never changes again, so nothing can be settled by it.
 */
export type ChildState =
  | { readonly phase: "starting" | "idle" | "leaving" | "over" }
  | { readonly phase: "running"; readonly id: string }
  | { readonly phase: "dying"; readonly failure: ChildFailure | undefined };

/** What happens to a child. */
export type ChildEvent =
  | { readonly kind: "heard"; readonly message: ChildMessage }
  /** It said something that is no message. */
  | { readonly kind: "breached"; readonly why: string }
  | { readonly kind: "assigned"; readonly id: string }
  | { readonly kind: "cancelled" }
  /** The time it had for what it was asked is over. */
  | { readonly kind: "overdue" }
  /** It is not needed any more. */
  | { readonly kind: "retired" }
  | { readonly kind: "ended"; readonly why: string };

/** What has to be done about it. */
export type ChildEffect =
  /** It can take a job. */
  | { readonly kind: "ready" }
  /** Send it the job. */
  | { readonly kind: "begin" }
  /** Ask it to stop the job, and give it its grace. */
  | { readonly kind: "cancel" }
  /** The job has ended, as the reply says. */
  | { readonly kind: "settle"; readonly reply: Reply }
  | { readonly kind: "report"; readonly report: Report }
  /** The job, or the start, has failed. */
  | { readonly kind: "fail"; readonly failure: ChildFailure }
  /** Close its input and give it its grace. */
  | { readonly kind: "close" }
  | { readonly kind: "kill" }
  /** It is no more. */
  | { readonly kind: "gone" };

/** A state and what led to it asks for. */
export interface ChildStep {
  readonly state: ChildState;
  readonly effects: readonly ChildEffect[];
}

/** Every child begins here. */
export const startingChild: ChildState = { phase: "starting" };

/**
 * The next state of a child. A message that does not name the job the child has now is never settled: the child is killed,
 * and the job it has fails when it is dead.
 */
export function step(state: ChildState, event: ChildEvent): ChildStep {
  if (state.phase === "over") return stay(state);
  switch (event.kind) {
    case "heard":
      return hear(state, event.message);
    case "breached":
      return breached(state, event.why);
    case "assigned":
      return state.phase === "idle"
        ? { state: { phase: "running", id: event.id }, effects: [{ kind: "begin" }] }
        : stay(state);
    case "cancelled":
      return state.phase === "running" ? { state, effects: [{ kind: "cancel" }] } : stay(state);
    case "overdue":
      return overdue(state);
    case "retired":
      return retire(state);
    case "ended":
      return end(state, event.why);
  }
}

function stay(state: ChildState): ChildStep {
  return { state, effects: [] };
}

function kill(failure: ChildFailure | undefined): ChildStep {
  return { state: { phase: "dying", failure }, effects: [{ kind: "kill" }] };
}

function breached(state: ChildState, why: string): ChildStep {
  if (state.phase === "dying" || state.phase === "leaving") return stay(state);
  return kill({ code: "CHILD_PROTOCOL", why });
}

function hear(state: ChildState, message: ChildMessage): ChildStep {
  if (state.phase === "starting") return greet(state, message);
  if (message.type === "ready") return breached(state, "it said ready twice");
  if (state.phase !== "running") {
    return breached(state, `it spoke of job ${kindOf(message.id)} while it had none`);
  }
  if (message.id !== state.id) {
    return breached(state, `it spoke of job ${kindOf(message.id)} while it had "${state.id}"`);
  }
  if (message.type === "progress" || message.type === "log") {
    return { state, effects: [{ kind: "report", report: message }] };
  }
  return {
    state: { phase: "idle" },
    effects: [{ kind: "settle", reply: message }, { kind: "ready" }],
  };
}

function greet(state: ChildState, message: ChildMessage): ChildStep {
  if (message.type !== "ready") return breached(state, `it said "${message.type}" before "ready"`);
  return message.protocol === protocolVersion
    ? { state: { phase: "idle" }, effects: [{ kind: "ready" }] }
    : breached(
        state,
        `it speaks version ${kindOf(message.protocol)} of it, and this pool speaks ${protocolVersion}`,
      );
}

function overdue(state: ChildState): ChildStep {
  switch (state.phase) {
    case "starting":
      return kill({ code: "CHILD_LOST", why: "it did not say ready in time" });
    case "running":
      return kill({ code: "CHILD_LOST", why: "it did not stop within its grace" });
    case "leaving":
      return kill(undefined);
    default:
      return stay(state);
  }
}

function retire(state: ChildState): ChildStep {
  switch (state.phase) {
    case "starting":
      return kill(undefined);
    case "idle":
      return { state: { phase: "leaving" }, effects: [{ kind: "close" }] };
    default:
      return stay(state);
  }
}

function end(state: ChildState, why: string): ChildStep {
  const failure = failureAtEnd(state, why);
  const failed: readonly ChildEffect[] = failure === undefined ? [] : [{ kind: "fail", failure }];
  return { state: { phase: "over" }, effects: [...failed, { kind: "gone" }] };
}

function failureAtEnd(state: ChildState, why: string): ChildFailure | undefined {
  switch (state.phase) {
    case "starting":
    case "running":
      return { code: "CHILD_LOST", why };
    case "dying":
      return state.failure;
    default:
      return undefined;
  }
}
