// @ts-check

/**
 * A number from 0 to 1 that is always the same for the same text, so that the same jobs fail every time.
 * @param {string} text
 */
export function roll(text) {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** @param {string} to */
export function mailServerDown(to) {
  const refused = new Error("connect ECONNREFUSED 10.0.0.7:587");
  const socket = new Error("smtp.example.com cannot be reached", { cause: refused });
  return new Error(`The mail to ${to} was not sent`, { cause: socket });
}

/** @param {number} order */
export function templateBroken(order) {
  try {
    throw new Error(`It has ${totalOf({})} lines`);
  } catch (error) {
    return new Error(`Invoice ${order} cannot be rendered`, { cause: error });
  }
}

/** @param {{ lines?: { total: number }[] }} order */
function totalOf(order) {
  return /** @type {Required<typeof order>} */ (order).lines.reduce(
    (sum, { total }) => sum + total,
    0,
  );
}

/** @param {string} file */
export function notAnImage(file) {
  return new TypeError(`${file} is not an image: it begins with <!doctype html>`);
}

export const gatewayTimeout = () =>
  Object.assign(new Error("The payment gateway did not answer within 10 s"), { code: "ETIMEDOUT" });
