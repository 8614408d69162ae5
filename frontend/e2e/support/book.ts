import { expect, type Page } from "@playwright/test";
import { clientOf, data } from "./client";
import { capitalized, unique } from "./unique";

export type BookFile = "insureds" | "policies" | "coverages" | "endorsements" | "holders";

/** One insured with policies, as the files of an import. */
export interface Book {
  readonly customer: string;
  readonly name: string;
  readonly email: string;
  /** Someone who got certificates from this insured before. */
  readonly holder: string;
  readonly holderEmail: string;
  readonly policies: {
    readonly liability: string;
    readonly auto: string;
    /** Its term is over. */
    readonly former: string;
  };
  readonly files: Readonly<Record<BookFile, string>>;
}

function day(fromToday: number): string {
  const date = new Date();
  date.setDate(date.getDate() + fromToday);
  return date.toISOString().slice(0, 10);
}

function csv(header: string, ...rows: readonly string[]): string {
  return `${[header, ...rows].join("\n")}\n`;
}

/** An insured that nobody else has: a contractor with liability and auto in force, and a term that ended. */
export function makeBook(trade: string): Book {
  const word = unique();
  const name = `${capitalized(word)} ${trade} LLC`;
  const email = `office@${word}.example.com`;
  const customer = `E-${word}`;
  const liability = `GL-${word}`;
  const auto = `CA-${word}`;
  const former = `GL-${word}-25`;
  const holder = `${capitalized(word)} Builders, Inc.`;
  const holderEmail = `certificates@builders-${word}.example.com`;
  const [began, ends, beganFormer] = [day(-65), day(300), day(-430)];
  return {
    customer,
    name,
    email,
    holder,
    holderEmail,
    policies: { liability, auto, former },
    files: {
      insureds: csv(
        "customer_id,name,kind,trade,email,phone,address_line1,city,state,postal_code",
        `${customer},${name},commercial,${trade} contractor,${email},(775) 555-0161,1480 Kleppe Lane,Reno,NV,89512`,
      ),
      policies: csv(
        "customer_id,policy_number,effective_on,expires_on,line,naic,status",
        `${customer},${liability},${began},${ends},general_liability,25674,active`,
        `${customer},${auto},${began},${ends},commercial_auto,25674,active`,
        `${customer},${former},${beganFormer},${began},general_liability,25674,expired`,
      ),
      coverages: csv(
        "policy_number,effective_on,line,gl_trigger,gl_aggregate_per,gl_each_occurrence,gl_general_aggregate,auto_any,auto_combined_single_limit",
        `${liability},${began},general_liability,occurrence,project,"$1,000,000","$2,000,000",,`,
        `${auto},${began},commercial_auto,,,,,x,"$1,000,000"`,
        `${former},${beganFormer},general_liability,occurrence,project,"$1,000,000","$2,000,000",,`,
      ),
      endorsements: csv(
        "policy_number,effective_on,line,form_number,edition,title,effect,scope",
        `${liability},${began},general_liability,CG 20 10,04 13,Additional Insured – Scheduled Person or Organization,additional_insured_ongoing,when_required_by_contract`,
        `${liability},${began},general_liability,CG 24 04,05 09,Waiver of Transfer of Rights of Recovery,waiver,blanket`,
      ),
      holders: csv(
        "name,address_line1,city,state,postal_code,emails,customer_ids",
        `"${holder}",9550 Gateway Drive,Reno,NV,89521,${holderEmail},${customer}`,
      ),
    },
  };
}

/** Loads a book through the importer, as staff. Answers the insured's id. */
export async function loadBook(page: Page, book: Book): Promise<string> {
  const client = clientOf(page);
  const run = data(await client.POST("/v1/imports"));
  const params = { path: { import: run.id } };
  for (const file of ["insureds", "policies", "coverages", "endorsements", "holders"] as const) {
    data(
      await client.PUT("/v1/imports/{import}/files/{file}", {
        params: { path: { import: run.id, file } },
        body: "",
        bodySerializer: () => book.files[file],
        headers: { "Content-Type": "text/csv" },
      }),
    );
  }
  data(await client.POST("/v1/imports/{import}/check", { params }));
  await reached(page, run.id, "checked");
  data(
    await client.POST("/v1/imports/{import}/apply", { params, body: { take_good_rows: false } }),
  );
  await reached(page, run.id, "applied");
  const found = data(await client.GET("/v1/insureds", { params: { query: { q: book.email } } }));
  const insured = found.data[0];
  if (insured === undefined) throw new Error(`${book.name} was not imported`);
  return insured.id;
}

async function reached(page: Page, run: string, state: string): Promise<void> {
  const client = clientOf(page);
  await expect
    .poll(
      async () => {
        const now = data(
          await client.GET("/v1/imports/{import}", { params: { path: { import: run } } }),
        );
        return now.fault_count > 0 ? `${now.fault_count} faults` : now.state;
      },
      { message: `the import is ${state}`, timeout: 60_000 },
    )
    .toBe(state);
}
