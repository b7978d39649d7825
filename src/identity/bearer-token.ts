/**
 * True for what a header can carry after `Bearer `. Anything else is refused before it comes near a header, because the
 * platform's own error would show it.
 */
export function isBearerToken(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
