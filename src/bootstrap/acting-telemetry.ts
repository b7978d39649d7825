import type { HandlerSpan, Telemetry } from "../core/telemetry.ts";
import type { Auth } from "../identity/auth.ts";
import { actAs } from "../identity/current-auth.ts";

/** A telemetry by which the handlers of a client's workers run under an identity; all else goes on to `telemetry`. */
export function actingTelemetry(auth: Auth, telemetry: Telemetry = deaf): Telemetry {
  const acting = (span: HandlerSpan): HandlerSpan => ({
    get trace() {
      return span.trace;
    },
    run: (handler) => span.run(() => actAs(auth, handler)),
    settled: (job, report) => span.settled(job, report),
    end: () => span.end(),
  });
  return {
    attempt: (job) => acting(telemetry.attempt(job)),
    batch: (jobs) => acting(telemetry.batch(jobs)),
    traceOf: () => telemetry.traceOf(),
    enqueue: (jobs, store) => telemetry.enqueue(jobs, store),
    tick: (schedule, jobs, fire) => telemetry.tick(schedule, jobs, fire),
    rescued: (job, report) => telemetry.rescued(job, report),
    work: (name, run, read) => telemetry.work(name, run, read),
    call: (name, subject, run) => telemetry.call(name, subject, run),
  };
}

const deafSpan: HandlerSpan = {
  trace: undefined,
  run: (handler) => handler(),
  settled() {},
  end() {},
};

/** Makes nothing of what it is told. */
const deaf: Telemetry = {
  attempt: () => deafSpan,
  batch: () => deafSpan,
  traceOf: () => undefined,
  enqueue: (jobs, store) => store(jobs),
  tick: (_schedule, jobs, fire) => fire(jobs),
  rescued() {},
  work: (_name, run) => run(),
  call: (_name, _subject, run) => run(),
};
