import { type ReactNode, useMemo, useState } from "react";
import type { StoredError } from "../../../../src/core/stored-error.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { useText } from "../../text/text-context.tsx";
import { errorText } from "./error-text.ts";
import { stackFrames } from "./stack-frames.ts";

/** An error with its stack and what caused it. */
export function ErrorView({ error }: { readonly error: StoredError }) {
  const { attempts } = useText().job;
  return (
    <div className="relative min-w-0 rounded-lg border border-line bg-danger-tint p-3">
      <div className="absolute end-1 top-1">
        <CopyButton text={() => errorText(error)} label={attempts.copyError} />
      </div>
      <ErrorPart error={error} />
    </div>
  );
}

function ErrorPart({ error }: { readonly error: StoredError }) {
  const { attempts } = useText().job;
  const { name, message, code, stack, cause, errors = [] } = error;
  return (
    <>
      <p className="pe-8 font-medium wrap-anywhere whitespace-pre-wrap text-danger">
        <bdi>
          {name}: {message}
        </bdi>
      </p>
      {code !== undefined && <p className="font-mono text-xs text-ink-soft">{code}</p>}
      {stack !== undefined && <StackView stack={stack} message={message} />}
      {cause !== undefined && (
        <Nested label={attempts.cause}>
          <ErrorPart error={cause} />
        </Nested>
      )}
      {errors.map((each, index) => (
        <Nested key={index} label={attempts.among(index + 1)}>
          <ErrorPart error={each} />
        </Nested>
      ))}
    </>
  );
}

function Nested({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="mt-3 border-s-2 border-line-strong ps-3">
      <p className="text-xs text-ink-soft">{label}</p>
      {children}
    </div>
  );
}

/** A stack, at first with the frames of the program itself: those of libraries and of Node seldom help. */
function StackView({ stack, message }: { readonly stack: string; readonly message: string }) {
  const { attempts } = useText().job;
  const frames = useMemo(() => stackFrames(stack, message), [stack, message]);
  const own = frames.filter(({ isOwn }) => isOwn);
  const [all, setAll] = useState(false);
  const canHide = own.length > 0 && own.length < frames.length;
  const shown = all || !canHide ? frames : own;
  if (frames.length === 0) return null;
  return (
    <div className="mt-2">
      <pre className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
        {shown.map(({ text, isOwn }, index) => (
          <span
            key={index}
            className={`block ps-8 -indent-4 ${isOwn ? "font-semibold text-ink" : "text-ink-soft"}`}
          >
            {text}
          </span>
        ))}
      </pre>
      {canHide && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="mt-1 rounded text-xs text-accent underline"
        >
          {all ? attempts.appFrames : attempts.allFrames}
        </button>
      )}
    </div>
  );
}
