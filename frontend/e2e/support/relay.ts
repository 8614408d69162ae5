import { createHmac, randomUUID } from "node:crypto";
import { member } from "./json";
import { mailEventsSecret, STAFF } from "./surroundings";

// By its number: not every resolver knows names under localhost.
const SERVER = `http://127.0.0.1:${new URL(STAFF).port}`;

/** Tells, as the mail relay would, that a mail came back: the sending, the notice or the question with this id. */
export async function bounced(sent: string, recipient: string, reason: string): Promise<void> {
  const body = JSON.stringify({
    events: [
      {
        message_id: `<${sent}@countersign.example>`,
        recipient,
        event: "bounced",
        reason,
        at: new Date().toISOString(),
      },
    ],
  });
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", Buffer.from(mailEventsSecret(), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  const answer = await fetch(`${SERVER}/v1/mail-events`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  if (answer.status !== 202) throw new Error(`the report was answered with ${answer.status}`);
  const counted: unknown = await answer.json();
  if (member(counted, "taken") !== 1) throw new Error(`no mail is known as ${sent}`);
}
