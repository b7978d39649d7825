import { useEffect, useState } from "react";
import { useText } from "../text/text-context.tsx";
import { IconButton } from "./icon-button.tsx";

const thanksMs = 1_500;

interface CopyButtonProps {
  /** What is copied, made when it is asked for. */
  readonly text: string | (() => string);
  /** What it copies, for screen readers; default "Copy". */
  readonly label?: string;
}

/** Puts a text where it can be pasted from. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const { words } = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(typeof text === "function" ? text() : text);
    setCopied(true);
  };
  return (
    <IconButton
      icon={copied ? "check" : "copy"}
      label={copied ? words.copied : (label ?? words.copy)}
      onClick={() => void copy()}
    />
  );
}

async function copyText(text: string): Promise<void> {
  // Without HTTPS browsers offer only the old way: a selection in the document.
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}
