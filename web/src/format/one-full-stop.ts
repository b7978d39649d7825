/** The text without the second of two full stops: abbreviated units bring one of their own to the end of a sentence. */
export const oneFullStop = (text: string): string => text.replaceAll(/(?<!\.)\.\.(?=\s|$)/g, ".");
