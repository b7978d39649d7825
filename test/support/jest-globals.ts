/**
 * Stands in for `@jest/globals` where the Jest example is compiled and run: Vitest's functions of the same names. Jest itself would
 * bring more packages than everything else here together.
 */
export { afterEach, beforeEach, expect, test, vi as jest } from "vitest";
