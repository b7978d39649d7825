/** The beginning of a text, at most so many characters, a mark of what is missing among them. Cuts no character in two. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - 1;
  const last = text.charCodeAt(end - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, isHalf ? end - 1 : end)}…`;
}
