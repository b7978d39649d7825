// @ts-check
import { roll } from "./failures.mjs";
import * as jobs from "./jobs.mjs";

const names = ["ada", "grace", "linus", "barbara", "edsger", "margaret", "donald", "frances"];
const templates = ["welcome", "order-received", "order-sent", "password-reset"];

/**
 * What one customer after the other makes the shop do: always the same jobs for the same order.
 * @param {number} order
 */
export function jobsOfOrder(order) {
  const pick = /** @type {<T>(from: readonly T[], what: string) => T} */ (
    (from, what) => from[Math.floor(roll(`${order}${what}`) * from.length)] ?? from[0]
  );
  const customer = `${pick(names, "name")}@example.com`;
  const amount = (5 + roll(`${order}total`) * 300).toFixed(2);
  const mail = { to: customer, template: pick(templates, "template"), order };
  const tags = roll(`${order}vip`) < 0.1 ? ["vip"] : [];
  const requests = [jobs.sendEmail.request(mail, { tags })];
  const payment = {
    order,
    total: { amount, currency: "EUR" },
    card: { number: "4111 1111 1111 1111", holder: customer },
  };
  const image = { file: `products/${order}.png`, sizes: [64, 256, 1_024] };
  return [
    ...requests,
    ...(order % 2 === 0 ? [jobs.chargeCard.request(payment, { tags })] : []),
    ...(order % 3 === 0 ? [jobs.resizeImage.request(image)] : []),
    ...(order % 4 === 0 ? [jobs.renderInvoice.request({ order, language: "en" })] : []),
    ...(order % 5 === 0 ? [jobs.syncAccount.request({ account: customer })] : []),
  ];
}
