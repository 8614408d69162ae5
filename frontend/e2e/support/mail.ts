import { expect } from "@playwright/test";
import { list, member, text } from "./json";
import { MAILBOX } from "./surroundings";

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** One message as it lies in the mailbox. */
export interface Mail {
  readonly id: string;
  /** What its Message-ID was made from: the id of a sending, a notice or a question. */
  readonly made: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Every envelope recipient, copies among them. */
  readonly to: readonly string[];
  readonly attachments: () => Promise<readonly Attachment[]>;
}

async function answer(path: string): Promise<Response> {
  const response = await fetch(`${MAILBOX}${path}`);
  if (!response.ok) throw new Error(`the mailbox answered ${response.status} to ${path}`);
  return response;
}

function mailOf(raw: unknown): Mail {
  const id = text(raw, "id");
  return {
    id,
    made: text(member(raw, "headers"), "message-id").replace(/^<|@.*$/g, ""),
    subject: text(raw, "subject"),
    text: text(raw, "text"),
    html: text(raw, "html"),
    to: list(member(raw, "envelope"), "to").map((each) => text(each, "address")),
    attachments: () =>
      Promise.all(
        list(raw, "attachments").map(async (each) => {
          const stored = text(each, "generatedFileName");
          const response = await answer(`/email/${id}/attachment/${encodeURIComponent(stored)}`);
          return {
            name: text(each, "filename"),
            type: text(each, "contentType"),
            bytes: Buffer.from(await response.arrayBuffer()),
          };
        }),
      ),
  };
}

/** Everything that was delivered to an address, the oldest first. */
export async function mailsTo(address: string): Promise<readonly Mail[]> {
  const everything: unknown = await (await answer("/email?sort=asc")).json();
  return list(everything)
    .map(mailOf)
    .filter((mail) => mail.to.includes(address));
}

/** Waits until `count` mails were delivered to an address, and answers the last of them. */
export async function mailTo(address: string, count = 1): Promise<Mail> {
  let mails: readonly Mail[] = [];
  await expect
    .poll(
      async () => {
        mails = await mailsTo(address);
        return mails.length;
      },
      { message: `mail number ${count} to ${address}`, timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(count);
  const mail = mails[count - 1];
  if (mail === undefined) throw new Error(`no mail to ${address}`);
  return mail;
}

/** The single-use link in a mail: its secret stands in the fragment. */
export function linkIn(mail: Mail): string {
  const link = /https?:\/\/[^\s"<>]+#token=[\w.~-]+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link in “${mail.subject}”`);
  return link;
}
