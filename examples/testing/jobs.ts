// jobs.ts
import { type Client, defineJob } from "holdfast";

export interface Services {
  readonly mailer: { send(to: string, text: string): Promise<string> };
}

export const sendWelcome = defineJob<{ email: string }, string>({
  name: "send-welcome",
  retry: { attempts: 3, backoff: "fixed", delay: "1h" },
});
export const remind = defineJob<{ email: string }, void>({ name: "remind" });

export const welcome = sendWelcome.handler<Services>(async ({ email }, job) => {
  const messageId = await job.services.mailer.send(email, "Welcome!");
  await job.enqueue(remind, { email }, { delay: "3d" });
  return messageId;
});

export const reminder = remind.handler<Services>(async ({ email }, job) => {
  await job.services.mailer.send(email, "Still there?");
});

export async function signUp(client: Client, email: string): Promise<void> {
  await client.enqueue(sendWelcome, { email });
}
