import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FactList } from "@countersign/ui/FactList";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import type { Line } from "../../lines";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { grouped } from "../../money";
import { paths } from "../../paths";
import { Requirements } from "../../Requirements";
import classes from "./HolderProfile.module.css";
import { LIMITS, valuesOf } from "./link-form";

export interface LinkViewProps {
  readonly link: components["schemas"]["HolderLink"];
}

/** A holder as one insured has it, and whether what it got is what it asks for. */
export function LinkView({ link }: LinkViewProps) {
  const t = useMessages();
  const format = useFormat();
  const asked = useAsked(link);
  const checked = link.check;
  const mayEdit = link.may.includes("edit");
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {checked ? (
          <Section
            title={t.links.asks}
            note={
              <>
                {t.links.against}{" "}
                <LinkAnchor underline="always" {...paths.certificate(checked.certificate_id)}>
                  {t.certificates.revision(
                    checked.certificate_number,
                    checked.certificate_revision,
                  )}
                </LinkAnchor>
                {": "}
                {t.links.tally(
                  checked.requirements.filter((each) => each.met).length,
                  checked.requirements.length,
                )}
                {". "}
                {t.links.againstNote}
              </>
            }
          >
            <Requirements label={t.links.asks} requirements={checked.requirements} />
          </Section>
        ) : asked.length > 0 ? (
          <Section title={t.links.asks} note={t.links.nothingSent}>
            <FactList facts={asked} />
          </Section>
        ) : (
          <Section title={t.links.asks}>
            <EmptyState
              title={t.links.nothing}
              {...(mayEdit
                ? {
                    action: (
                      <LinkButton {...paths.editHolderLink(link.holder.id, link.insured.id)}>
                        {t.links.writeDown}
                      </LinkButton>
                    ),
                  }
                : {})}
            >
              {t.links.nothingText}
            </EmptyState>
          </Section>
        )}
      </div>
      <aside>
        <Section title={t.links.contract}>
          <FactList
            facts={[
              { label: t.links.contractReference, value: link.contract_reference },
              {
                label: t.links.renewals,
                value: link.receives_renewals
                  ? t.links.receivesYes
                  : t.links.receivesNo(
                      link.renewals_stopped_at ? format.moment(link.renewals_stopped_at) : "",
                    ),
              },
              {
                label: t.links.lastUsed,
                value: link.last_used_at ? format.ago(link.last_used_at) : t.links.never,
              },
            ]}
          />
          <p className={classes.ways}>
            <LinkAnchor {...paths.sendCertificate(link.insured.id, { holder: link.holder.id })}>
              {t.links.send}
            </LinkAnchor>
            <LinkAnchor {...paths.certificatesSent(link.insured.id)}>
              {t.links.toInsured}
            </LinkAnchor>
          </p>
        </Section>
      </aside>
    </div>
  );
}

/** What is asked for, as facts to read. */
function useAsked(link: LinkViewProps["link"]) {
  const t = useMessages();
  const { requirements } = link;
  const values = valuesOf(link);
  const lines = (all: readonly Line[]) => all.map((line) => t.lines.full[line]).join(", ");
  const limits = LIMITS.flatMap((group) =>
    group.limits.flatMap((limit) => {
      const wanted = requirements.limits?.find((each) => each.limit === limit);
      return wanted === undefined
        ? []
        : [
            {
              label: `${t.lines.short[group.line]}: ${t.links.limitWords[limit]}`,
              value: `${t.coverage.dollar}${grouped(wanted.minimum.amount)}`,
            },
          ];
    }),
  );
  const insured = [
    values.ongoing ? t.links.ongoing : null,
    values.completed ? t.links.completed : null,
  ].filter((each) => each !== null);
  return [
    ...limits,
    ...(insured.length > 0
      ? [{ label: t.links.additionalInsured, value: insured.join(", ") }]
      : []),
    ...(values.primary ? [{ label: t.links.endorsements, value: t.links.primary }] : []),
    ...(values.waiver.length > 0 ? [{ label: t.links.waiver, value: lines(values.waiver) }] : []),
    ...(values.forms.length > 0
      ? [
          {
            label: t.links.forms,
            value: values.forms.map((form) => `${form.number} ${form.edition}`.trim()).join(", "),
          },
        ]
      : []),
    ...(values.name === "" ? [] : [{ label: t.links.name, value: values.name }]),
  ];
}
