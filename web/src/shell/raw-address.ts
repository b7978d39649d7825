import { useBrowserLocation, useSearch } from "wouter/use-browser-location";

/** The router decodes an address before it takes it apart, and a name with a slash or a colon would not come out again. */
const undecoded = (address: string): string => address.replaceAll("%", "%25");

/** Has the router take addresses as the browser has them: `decodedParts` and URLSearchParams decode what they are made of. */
export const rawAddress = {
  hook: useRawPath,
  searchHook: useRawQuery,
};

function useRawPath(): ReturnType<typeof useBrowserLocation> {
  const [path, navigate] = useBrowserLocation();
  return [undecoded(path), navigate];
}

function useRawQuery(): string {
  return undecoded(useSearch());
}

/** The named parts of a path, each as it was written before it became part of an address. */
export function decodedParts(
  parts: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, part === undefined ? part : decoded(part)]),
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand
  }
}
