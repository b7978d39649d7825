interface ServerWordProps {
  readonly text: string;
  /** Said by a server that does not speak the reader's language. */
  readonly isForeign: boolean;
}

/** The server's own sentence about a failure. */
export function ServerWord({ text, isForeign }: ServerWordProps) {
  if (text === "") return null;
  return isForeign ? (
    <p lang="en" className="mt-1 text-sm break-words text-ink-soft">
      {text}
    </p>
  ) : (
    <p className="break-words text-ink-soft">{text}</p>
  );
}
