/** Where the product listens, and who can sign in: told by whoever started it. */
function told(name: string, otherwise?: string): string {
  const value = process.env[`COUNTERSIGN_E2E_${name}`] ?? otherwise;
  if (value === undefined || value === "") {
    throw new Error(
      `COUNTERSIGN_E2E_${name} is not set; run the stories with \`cargo xtask test browser\``,
    );
  }
  return value;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const STAFF = told("STAFF", "http://staff.localhost:8080");
export const PORTAL = told("PORTAL", "http://portal.localhost:8080");
export const MAILBOX = told("MAILBOX", "http://127.0.0.1:1080/api");
export const AGENCY = told("AGENCY", "summit-ridge");

/** As the staff app, but of a server that lets a mail wait a moment, so that it can be undone. */
export const patientStaff = () => told("PATIENT_STAFF");

/** What the relay signs its reports with. */
export const mailEventsSecret = () => told("MAIL_EVENTS_SECRET");

/** Looked up when a story needs them, so that the others run without. */
export const people = {
  administrator: (): Credentials => ({
    username: told("ADMIN_USERNAME"),
    password: told("ADMIN_PASSWORD"),
  }),
  service: (): Credentials => ({
    username: told("STAFF_USERNAME"),
    password: told("STAFF_PASSWORD"),
  }),
  insured: (): Credentials => ({
    username: told("PORTAL_USERNAME"),
    password: told("PORTAL_PASSWORD"),
  }),
};

/** The demo agency's insured whose book has everything: four lines, two terms, endorsements. */
export const DEMO_INSURED = "Alder Creek Roofing LLC";
