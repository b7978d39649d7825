import { HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { JobRedactor } from "../redact/redactor.ts";

/** Does something; what it is refused with tells nobody what is hidden from them. */
export async function withShownRefusal<Answer>(
  shown: JobRedactor | undefined,
  act: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (shown === undefined || !isHoldfastError(error)) throw error;
    const { code, message, details } = error;
    throw new HoldfastError(code, shown.text(message), { details: shown.value(details) });
  }
}
