import { isShaped } from "./shape.ts";

/** The ways in which libraries keep the error of the driver below them. */
const places = ["driverError", "original", "cause"];

/** Throws the driver's own error, which a library has wrapped. */
export function unwrapped(error: unknown): never {
  const place = isShaped(error) ? places.find((name) => isShaped(error[name])) : undefined;
  throw place === undefined ? error : (error as Readonly<Record<string, unknown>>)[place];
}
