import type { components } from "@countersign/api/schema";
import type { Fact, Parts } from "../../conflict-rows";
import type { Messages } from "../../messages/en";
import { orNull } from "../../or-null";

type Template = components["schemas"]["Template"];
type Kind = components["schemas"]["TemplateKindWord"];
type WordingBody = components["schemas"]["WordingBody"];

/** What the dialog holds. */
export interface TemplateValues {
  readonly kind: Kind;
  readonly name: string;
  readonly subject: string;
  readonly body: string;
  readonly forms: readonly { readonly number: string; readonly edition: string }[];
}

export function valuesOf(template: Template): TemplateValues {
  return {
    kind: template.kind,
    name: template.name,
    subject: template.subject ?? "",
    body: template.body,
    forms: template.forms.map(({ number, edition }) => ({ number, edition: edition ?? "" })),
  };
}

export function emptyTemplate(kind: Kind): TemplateValues {
  return { kind, name: "", subject: "", body: "", forms: [] };
}

/** What the server takes: a mail has a subject, a description has forms. */
export function bodyOf(values: TemplateValues): WordingBody {
  const message = values.kind === "message";
  return {
    name: values.name.trim(),
    subject: message ? orNull(values.subject) : null,
    body: values.body,
    forms: message
      ? []
      : values.forms
          .filter((form) => form.number.trim() !== "" || form.edition.trim() !== "")
          .map((form) => ({ number: form.number.trim(), edition: orNull(form.edition) })),
  };
}

/** The parts of a template that are kept or taken over as a whole; what it is for never changes. */
export const PARTS = {
  name: ["name"],
  subject: ["subject"],
  body: ["body"],
  forms: ["forms"],
} as const satisfies Parts<TemplateValues>;

/** Everything that a template says, in words. */
export function templateFacts(values: TemplateValues, t: Messages): Fact[] {
  const m = t.templates;
  const { name, subject, body, forms = [] } = bodyOf(values);
  return [
    { unit: "name", label: m.name, value: name },
    { unit: "subject", label: m.subject, value: subject ?? "" },
    { unit: "body", label: m.body[values.kind], value: body },
    {
      unit: "forms",
      label: m.forms,
      value: forms.map((form) => [form.number, form.edition].filter(Boolean).join(" ")).join("; "),
    },
  ];
}
