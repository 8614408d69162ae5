import type { components } from "@countersign/api/schema";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Select } from "@mantine/core";
import { type Line, takesAdditionalInsured } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./MasterSection.module.css";

type Policy = components["schemas"]["Policy"];
type Endorsement = components["schemas"]["Endorsement"];
type MasterLine = components["schemas"]["MasterLine"];

export interface MasterSectionProps {
  readonly line: Line;
  readonly policies: readonly Policy[];
  readonly value: MasterLine | null;
  readonly onChange: (section: MasterLine | null) => void;
  readonly errors: Record<string, string>;
  readonly readOnly: boolean;
}

const STATE_ORDER = ["in_force", "upcoming", "not_bound", "expired", "cancelled"];

function formName(endorsement: Endorsement, notStanding: string): string {
  const name = `${endorsement.form_number} ${endorsement.edition} – ${endorsement.title}`;
  return endorsement.stands ? name : `${name} (${notStanding})`;
}

/** One band of the page: its policy, and the forms that allow its marks. */
export function MasterSection({
  line,
  policies,
  value,
  onChange,
  errors,
  readOnly,
}: MasterSectionProps) {
  const t = useMessages();
  const format = useFormat();
  const policy = policies.find((each) => each.id === value?.policy_id);
  const forms = policy?.endorsements ?? [];
  const additional = forms.filter((form) => form.effect.startsWith("additional_insured"));
  const waivers = forms.filter((form) => form.effect === "waiver");
  const field = `sections.${line}`;

  function policyLabel(each: Policy): string {
    const label = `${each.number} · ${format.date(each.effective_on)}–${format.date(each.expires_on)}`;
    // What may be cut where the field is narrow stands last.
    const stated =
      each.state === "in_force" ? label : `${label} · ${t.policies.states[each.state]}`;
    return `${stated} · ${each.carrier.name}`;
  }

  /** What keeps a certificate from being sent from this choice, now or soon. */
  function warningOf(each: Policy): string | null {
    const w = t.masters.policyWarnings;
    if (each.cancelled_on) {
      const day = format.date(each.cancelled_on);
      return each.state === "cancelled" ? w.cancelled(day) : w.cancels(day);
    }
    if (each.state === "expired") return w.expired(format.date(each.expires_on));
    if (each.state === "upcoming") return w.upcoming(format.date(each.effective_on));
    return each.state === "not_bound" ? w.not_bound : null;
  }
  const warning = policy === undefined ? null : warningOf(policy);

  return (
    <fieldset className={classes.section} disabled={readOnly}>
      <legend className={classes.line}>{t.lines.full[line]}</legend>
      <Select
        className={classes.policy ?? ""}
        aria-label={t.masters.policyFor(t.lines.full[line])}
        placeholder={policies.length === 0 ? t.masters.noPolicies : t.masters.notOnPage}
        data={policies
          .toSorted(
            (a, b) =>
              STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) ||
              b.expires_on.localeCompare(a.expires_on),
          )
          .map((each) => ({ value: each.id, label: policyLabel(each) }))}
        renderOption={({ option }) => {
          const each = policies.find((candidate) => candidate.id === option.value);
          return each === undefined ? (
            option.label
          ) : (
            <span className={classes.option}>
              <span>
                <strong>{each.number}</strong> {each.carrier.name}
              </span>
              <span className={classes.soft}>
                {format.date(each.effective_on)}–{format.date(each.expires_on)} ·{" "}
                {each.cancelled_on
                  ? each.state === "cancelled"
                    ? t.policies.cancelledOn(format.date(each.cancelled_on), "")
                    : t.policies.cancelsOn(format.date(each.cancelled_on))
                  : t.policies.states[each.state]}
              </span>
            </span>
          );
        }}
        value={value?.policy_id ?? null}
        onChange={(id) => onChange(id === null ? null : { policy_id: id })}
        error={errors[field] ?? errors[`${field}.policy_id`]}
        disabled={policies.length === 0}
        clearable
      />
      {warning === null ? null : (
        <p className={classes.warning}>
          <StatusBadge tone={policy?.state === "cancelled" ? "bad" : "warn"}>{warning}</StatusBadge>
        </p>
      )}
      {value === null || policy === undefined ? null : (
        <div className={classes.marks}>
          {takesAdditionalInsured(line) ? (
            <Select
              label={t.masters.additionalInsured}
              placeholder={
                additional.length === 0 ? t.masters.noAdditionalForm : t.masters.notMarked
              }
              data={additional.map((form) => ({
                value: form.id,
                label: formName(form, t.endorsements.notStanding),
              }))}
              value={value.additional_insured ?? null}
              onChange={(id) => onChange({ ...value, additional_insured: id })}
              error={errors[`${field}.additional_insured`]}
              disabled={additional.length === 0}
              clearable
            />
          ) : (
            <p className={classes.soft}>{t.masters.noAdditionalBox}</p>
          )}
          <Select
            label={t.masters.waiver}
            placeholder={waivers.length === 0 ? t.masters.noWaiverForm : t.masters.notMarked}
            data={waivers.map((form) => ({
              value: form.id,
              label: formName(form, t.endorsements.notStanding),
            }))}
            value={value.waiver ?? null}
            onChange={(id) => onChange({ ...value, waiver: id })}
            error={errors[`${field}.waiver`]}
            disabled={waivers.length === 0}
            clearable
          />
        </div>
      )}
    </fieldset>
  );
}
