import { drizzleTransaction } from "./drizzle.ts";
import { knexTransaction } from "./knex.ts";
import { kyselyTransaction } from "./kysely.ts";
import { mikroOrmTransaction } from "./mikro-orm.ts";
import { postgresJsTransaction } from "./postgres-js.ts";
import { prismaTransaction } from "./prisma.ts";
import { sequelizeTransaction } from "./sequelize.ts";
import { standIn } from "./stand-in.ts";
import { typeormTransaction } from "./typeorm.ts";

/** Gives what a library's transaction runs on, which may be another library's; `undefined` for what is not of its library. */
type Recogniser = (tx: object) => object | Promise<object> | undefined;

/** They lead to an object that was there before. */
const links: readonly Recogniser[] = [standIn, drizzleTransaction, mikroOrmTransaction];

/** They make one, or lead to the handle of a SQLite database. */
const makers: readonly Recogniser[] = [
  postgresJsTransaction,
  kyselyTransaction,
  knexTransaction,
  typeormTransaction,
  prismaTransaction,
  sequelizeTransaction,
];

/** The same transaction must always be the same object: what is enqueued in it at once stands in one line. */
const made = new WeakMap<object, object>();

/**
 * What is beneath the transaction of a library: an object that a storage takes as `tx`. What no library is recognised in is given
 * back as it is, for the storage to judge.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a handle of a known library that is not in a transaction.
 */
export async function beneath(tx: object): Promise<object> {
  let found = tx;
  for (let next = look(tx); next !== undefined; next = look(found)) found = await next;
  return found;
}

function look(tx: object): object | Promise<object> | undefined {
  const link = first(links, tx);
  if (link !== undefined) return link;
  // Also when it was made before: the transaction may be over by now.
  const found = first(makers, tx);
  if (found === undefined || found instanceof Promise) return found;
  const before = made.get(tx);
  if (before === undefined) made.set(tx, found);
  return before ?? found;
}

function first(recognisers: readonly Recogniser[], tx: object): ReturnType<Recogniser> {
  for (const recognise of recognisers) {
    const found = recognise(tx);
    if (found !== undefined) return found;
  }
  return undefined;
}
