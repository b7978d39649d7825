/** Text with the passwords of the URLs in it replaced by stars. */
export function redact(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*):[^\s"']*@/gi, "$1:***@")
    .replace(/\b((?:ssl)?password=)[^\s&"']+/gi, "$1***");
}
