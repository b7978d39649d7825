/**
 * Runs a script's body; its answer is the exit code. A failure is one message and exit code 1.
 * @param {() => Promise<number>} body
 */
export function main(body) {
  body().then(
    (code) => {
      process.exitCode = code;
    },
    (/** @type {unknown} */ error) => {
      console.error(error instanceof Error ? describe(error) : error);
      process.exitCode = 1;
    },
  );
}

/** @param {Error} error */
function describe({ message, cause }) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
