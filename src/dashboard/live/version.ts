import { createHmac, randomBytes } from "node:crypto";

/** Makes of what was read a version: short, the same for the same, and telling nothing of it. */
export type Versioning = (seen: unknown) => string;

const saltBytes = 16;
/** 66 bits: no two readings of one topic ever meet. */
const versionLength = 11;

/** Versions under a salt of their own, so that nobody can try out what was read. */
export function createVersioning(salt: Uint8Array = randomBytes(saltBytes)): Versioning {
  return (seen) =>
    createHmac("sha256", salt)
      .update(JSON.stringify(seen) ?? "")
      .digest("base64url")
      .slice(0, versionLength);
}
