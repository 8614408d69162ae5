import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { loadBook, makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { linkIn, mailTo } from "./support/mail";
import { pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

/** A page with one line of text, as small as a PDF can be. */
function smallPdf(words: string): Buffer {
  const content = `BT /F1 14 Tf 60 720 Td (${words}) Tj ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, place) => {
    const offset = file.length;
    file += `${place + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) file += `${String(offset).padStart(10, "0")} 00000 n \n`;
  file += `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

test("An endorsement is given its file, which goes with the certificate that rests on it", async ({
  staff,
  another,
}) => {
  const book = makeBook("Drywall");
  const insured = await loadBook(staff, book);
  const client = clientOf(staff);
  const params = { path: { insured } };
  const policies = data(await client.GET("/v1/insureds/{insured}/policies", { params }));
  const policy = policies.data.find((each) => each.number === book.policies.liability);
  const waiver = policy?.endorsements.find((each) => each.form_number === "CG 24 04");
  if (policy === undefined || waiver === undefined) throw new Error("the book was not imported");
  data(
    await client.POST("/v1/insureds/{insured}/masters", {
      params,
      body: {
        name: "Liability",
        sections: { general_liability: { policy_id: policy.id, waiver: waiver.id } },
        description: "",
        authorized_representative: "Avery Collins",
        portal_usable: false,
        include_in_renewals: true,
      },
    }),
  );

  // Attached on the policy: something that is no PDF is refused where it is chosen.
  await staff.goto(`${STAFF}/insureds/${insured}/policies/${policy.id}`);
  await staff.getByRole("button", { name: "Attach PDF of CG 24 04 05 09" }).click();
  const dialog = staff.getByRole("dialog", { name: "Attach PDF of CG 24 04 05 09" });
  const chooser = dialog.locator("input[type=file]");
  await chooser.setInputFiles({
    name: "waiver.docx",
    mimeType: "application/msword",
    buffer: Buffer.from("words"),
  });
  await expect(dialog.getByText("This is not a PDF.", { exact: false })).toBeVisible();
  const file = smallPdf("Waiver of transfer of rights, specimen");
  await chooser.setInputFiles({
    name: "waiver 05 09.pdf",
    mimeType: "application/pdf",
    buffer: file,
  });
  // What somebody else writes into the policy meanwhile is nothing that the file would take away.
  const path = { policy: policy.id };
  const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
  data(
    await client.POST("/v1/policies/{policy}/endorsements", {
      params: { path, header: { "If-Match": `"${record.version}"` } },
      body: {
        form_number: "CG 25 03",
        edition: "05 09",
        title: "Designated Construction Project(s) General Aggregate Limit",
        effect: "per_project_aggregate",
        scope: "blanket",
      },
    }),
  );
  await dialog.getByRole("button", { name: "Attach PDF" }).click();
  await expect(dialog).toBeHidden();
  await staff.getByRole("button", { name: "View waiver 05 09.pdf" }).click();
  const drawer = staff.getByRole("dialog", { name: "CG 24 04 05 09: waiver 05 09.pdf" });
  await expect(drawer.locator("canvas").first()).toBeVisible();
  await staff.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(
    staff.getByText(/^Attached a file to endorsement CG 24 04 05 09 on policy/),
  ).toBeVisible();

  // Sent: the box is ticked and names the form.
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  const box = staff.getByRole("checkbox", { name: "Attach the endorsements behind the marks" });
  await expect(box).toBeChecked();
  await expect(staff.getByText("CG 24 04 05 09, Waiver of Transfer")).toBeVisible();
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  const mail = await mailTo(book.holderEmail);
  const attachments = await mail.attachments();
  expect(attachments.map((each) => each.name)).toEqual([
    expect.stringMatching(/^Certificate-.+\.pdf$/),
    "Endorsement-CG-24-04-05-09.pdf",
  ]);
  expect(attachments[1]?.bytes.equals(file)).toBe(true);
  expect(mail.text).toContain("Endorsement-CG-24-04-05-09.pdf");

  // The certificate tells what went with it; as a link it is there to be saved.
  await staff.getByRole("table").getByRole("link", { name: book.holder }).click();
  await staff.getByRole("button", { name: "View Endorsement-CG-24-04-05-09.pdf" }).click();
  const went = staff.getByRole("dialog", { name: "Endorsement-CG-24-04-05-09.pdf" });
  await expect(went.locator("canvas").first()).toBeVisible();
  await staff.keyboard.press("Escape");
  await expect(went).toBeHidden();
  await staff.getByRole("button", { name: "Resend exact copy" }).first().click();
  const again = staff.getByRole("dialog");
  const along = again.getByRole("region", { name: "Endorsements that go with it" });
  await expect(
    along.getByText("CG 24 04 05 09, Waiver of Transfer", { exact: false }),
  ).toBeVisible();
  await again.getByRole("radio", { name: "Send a link" }).check();
  await again.getByRole("button", { name: "Resend to 1 recipient" }).click();
  await expect(again).toBeHidden();
  const linked = await mailTo(book.holderEmail, 2);
  expect(await linked.attachments()).toHaveLength(0);
  const holder = await another();
  await holder.goto(linkIn(linked));
  await expect(holder.getByRole("heading", { name: "Endorsements with it" })).toBeVisible();
  await holder.getByRole("button", { name: "Look at Endorsement-CG-24-04-05-09.pdf" }).click();
  const look = holder.getByRole("dialog", { name: "CG 24 04 05 09" });
  await expect(look.locator("canvas").first()).toBeVisible();
  await holder.keyboard.press("Escape");
  await expect(look).toBeHidden();
  const download = holder.waitForEvent("download");
  await holder.getByRole("button", { name: "Download Endorsement-CG-24-04-05-09.pdf" }).click();
  const saved = await download;
  expect((await readFile(await saved.path())).equals(file)).toBe(true);
});
