import { useEffect, useState } from "react";
import { useText } from "../text/text-context.tsx";

/** Most answers are there before this: what would only flicker is not shown. */
const patienceMs = 200;

interface SkeletonProps {
  /** How many lines; default 5. */
  readonly lines?: number;
}

/** Where something is about to be. */
export function Skeleton({ lines = 5 }: SkeletonProps) {
  const { words } = useText();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div aria-busy="true" />;
  return (
    <div role="status" aria-busy="true" className="flex animate-pulse flex-col gap-3 p-4">
      <span className="sr-only">{words.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="h-4 rounded bg-raised odd:w-5/6 even:w-full" />
      ))}
    </div>
  );
}
