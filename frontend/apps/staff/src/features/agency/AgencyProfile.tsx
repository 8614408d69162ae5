import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { contrast, isHexColor, readable } from "@countersign/ui/contrast";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { toastDone } from "@countersign/ui/toast";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Group, Select, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ADDRESS_FIELDS, addressErrors, NO_ADDRESS } from "../../address-values";
import { AddressFields } from "../../AddressFields";
import { Conflict } from "../../Conflict";
import { takeOver } from "../../conflict-rows";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { useConflict } from "../../use-conflict";
import { agencyFacts, bodyOf, PARTS } from "./agency-values";
import classes from "./AgencyProfile.module.css";

type Agency = components["schemas"]["Agency"];
type AgencyBody = components["schemas"]["AgencyBody"];

export interface AgencyProfileProps {
  /** Names the person and the version, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly agency: Agency;
  readonly onSaved: (agency: Agency) => void;
}

const ZONES = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Phoenix",
  "America/Los_Angeles",
  "America/Anchorage",
  "Pacific/Honolulu",
  "America/Puerto_Rico",
  "Pacific/Guam",
];

const FIELDS = new Set<string>([
  "name",
  "contact_name",
  "authorized_representative",
  "phone",
  "fax",
  "email",
  ...ADDRESS_FIELDS,
  "accent_color",
  "reply_to",
  "support_text",
  "time_zone",
]);

/** What stands on certificates, mails and the portal as the agency's own. */
export function AgencyProfile({ draftKey, agency, onSaved }: AgencyProfileProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const conflict = useConflict(agency, () =>
    cache.query({ ...api.queryOptions("get", "/v1/agency"), staleTime: 0 }),
  );
  const element = useRef<HTMLFormElement>(null);
  const {
    draft: body,
    change: setBody,
    dirty,
  } = useDraft(`agency ${draftKey}`, () => bodyOf(agency));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const readOnly = !agency.may.includes("edit");
  const color = body.accent_color;
  const colorOk = isHexColor(color);
  useFirstFault(element, busy);

  function change(part: Partial<AgencyBody>) {
    setBody((last) => ({ ...last, ...part }));
    setErrors((last) =>
      Object.fromEntries(
        Object.entries(last).filter(([field]) => !((field.split(".")[0] ?? "") in part)),
      ),
    );
  }

  async function save() {
    if (!colorOk) {
      setErrors({ accent_color: t.agency.colorWrong });
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const params = { header: ifMatch(conflict.base.version) };
      const { data } = await client.PUT("/v1/agency", { params, body });
      void invalidate(cache, "/v1/agency");
      void invalidate(cache, "/v1/session");
      toastDone(t.agency.saved);
      setBusy(false);
      if (data !== undefined) onSaved(data);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, (field) => FIELDS.has(field), t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  const optional = (
    field:
      | "phone"
      | "email"
      | "contact_name"
      | "authorized_representative"
      | "fax"
      | "reply_to"
      | "support_text",
  ) => ({
    value: body[field] ?? "",
    onChange: (event: { currentTarget: { value: string } }) => {
      const text = event.currentTarget.value;
      change({ [field]: text === "" ? null : text });
    },
    error: errors[field],
    readOnly,
    autoComplete: "off",
  });

  return (
    <form
      ref={element}
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={bodyOf}
        facts={(values) => agencyFacts(values, t)}
        mine={body}
        takeOver={(mine, onFile, taken) => takeOver(PARTS, mine, onFile, taken)}
        onSettle={setBody}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      {readOnly ? <p className={classes.soft}>{t.agency.mayNot}</p> : null}
      <Section title={t.agency.onCertificates} note={t.agency.onCertificatesNote}>
        <div className={classes.fields}>
          <TextInput
            className={classes.wide ?? ""}
            label={t.agency.name}
            value={body.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={errors["name"]}
            readOnly={readOnly}
            autoComplete="off"
          />
          <TextInput label={t.agency.contactName} {...optional("contact_name")} />
          <TextInput label={t.agency.representative} {...optional("authorized_representative")} />
          <TextInput label={t.agency.phone} type="tel" {...optional("phone")} />
          <TextInput label={t.agency.fax} type="tel" {...optional("fax")} />
          <TextInput
            className={classes.wide ?? ""}
            label={t.agency.email}
            type="email"
            {...optional("email")}
          />
        </div>
        <div className={classes.address}>
          <AddressFields
            value={body.address ?? { ...NO_ADDRESS, line2: null }}
            onChange={(address) => change({ address })}
            readOnly={readOnly}
            errors={addressErrors(errors)}
          />
        </div>
      </Section>
      <Section title={t.agency.inMails} note={t.agency.inMailsNote}>
        <div className={classes.fields}>
          <TextInput
            label={t.agency.color}
            description={t.agency.colorHint}
            value={color}
            onChange={(event) => change({ accent_color: event.currentTarget.value })}
            error={errors["accent_color"] ?? (colorOk ? null : t.agency.colorWrong)}
            readOnly={readOnly}
            leftSection={
              <input
                type="color"
                className={classes.swatch}
                value={colorOk ? color : "#000000"}
                onChange={(event) => change({ accent_color: event.currentTarget.value })}
                disabled={readOnly}
                aria-label={t.agency.pickColor}
              />
            }
          />
          {colorOk ? (
            <div className={classes.sample}>
              <span
                className={classes.button}
                style={{ background: readable(color, "#ffffff"), color: "#ffffff" }}
              >
                {t.agency.sample}
              </span>
              <span className={classes.soft}>
                {contrast(color, "#ffffff") >= 4.5 ? t.agency.contrastOk : t.agency.contrastMoved}
              </span>
            </div>
          ) : null}
          <TextInput
            label={t.agency.replyTo}
            description={t.agency.replyToHint}
            type="email"
            {...optional("reply_to")}
          />
          <Select
            label={t.channels.portal}
            description={t.channels.portalHint}
            data={[
              { value: "attachment", label: t.channels.attachment },
              { value: "link", label: t.channels.link },
            ]}
            value={body.portal_channel ?? "attachment"}
            onChange={(next) => change({ portal_channel: next === "link" ? "link" : "attachment" })}
            allowDeselect={false}
            disabled={readOnly}
          />
          <Textarea
            className={classes.wide ?? ""}
            label={t.agency.supportText}
            description={t.agency.supportTextHint}
            autosize
            minRows={2}
            {...optional("support_text")}
          />
        </div>
      </Section>
      <Section title={t.agency.time} note={t.agency.timeNote}>
        <Select
          label={t.agency.zone}
          data={ZONES.includes(body.time_zone) ? ZONES : [body.time_zone, ...ZONES]}
          value={body.time_zone}
          onChange={(zone) => change({ time_zone: zone ?? body.time_zone })}
          error={errors["time_zone"]}
          disabled={readOnly}
          maw={320}
          searchable
        />
      </Section>
      {readOnly ? null : (
        <Group mt={28}>
          <Button type="submit" loading={busy} disabled={conflict.newest !== null}>
            {t.agency.save}
          </Button>
        </Group>
      )}
    </form>
  );
}
