import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FactList } from "@countersign/ui/FactList";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Alert, Anchor, Button } from "@mantine/core";
import { AddressLines } from "../../AddressLines";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { addressLine } from "../../holder";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { HeldOn } from "./HeldOn";
import { HolderGroups } from "./HolderGroups";
import classes from "./HolderProfile.module.css";

type Holder = components["schemas"]["Holder"];

export interface HolderProfileProps {
  readonly holder: components["schemas"]["HolderDetail"];
  readonly onMerge: (into: Holder) => void;
}

/** Who a holder is, which insureds used it, and which others may be the same. */
export function HolderProfile({ holder, onMerge }: HolderProfileProps) {
  const t = useMessages();
  const format = useFormat();
  const mayMerge = holder.may.includes("edit") && holder.merged_into == null;
  return (
    <>
      {holder.merged_into != null ? (
        <Alert variant="light" color="gray" mb={20}>
          {t.holders.mergedNote}{" "}
          <LinkAnchor {...paths.holder(holder.merged_into)}>{t.holders.openMerged}</LinkAnchor>
        </Alert>
      ) : holder.archived_at != null ? (
        <Alert variant="light" color="gray" mb={20}>
          {t.holders.archivedNote(format.ago(holder.archived_at))}
        </Alert>
      ) : null}
      <div className={classes.columns}>
        <div className={classes.main}>
          <Section
            title={t.holders.usedBy}
            actions={
              <LinkButton
                {...paths.certificates({ holder: holder.name })}
                variant="default"
                size="xs"
              >
                {t.holders.certificates}
              </LinkButton>
            }
          >
            {holder.insureds.length === 0 ? (
              <EmptyState title={t.holders.usedByNone}>{t.holders.usedByNoneText}</EmptyState>
            ) : (
              <ul className={classes.list}>
                {holder.insureds.map((insured) => (
                  <li key={insured.id} className={classes.row}>
                    <span>
                      <LinkAnchor {...paths.holderLink(holder.id, insured.id)}>
                        {insured.name}
                      </LinkAnchor>
                      {insured.contract_reference ? (
                        <span className={classes.soft}> · {insured.contract_reference}</span>
                      ) : null}
                    </span>
                    <span className={classes.soft}>
                      {insured.receives_renewals ? "" : `${t.links.stopped} · `}
                      {insured.last_used_at
                        ? t.holders.lastUsed(format.ago(insured.last_used_at))
                        : t.holders.neverUsed}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <HeldOn holder={holder.id} />
          {holder.alike.length > 0 && mayMerge ? (
            <Section title={t.holders.alike} note={t.holders.alikeNote}>
              <ul className={classes.list}>
                {holder.alike.map((other) => (
                  <li key={other.id} className={classes.row}>
                    <span>
                      <LinkAnchor {...paths.holder(other.id)}>{other.name}</LinkAnchor>{" "}
                      <span className={classes.soft}>{addressLine(other.address)}</span>
                    </span>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t.holders.mergeInto(other.name)}
                      onClick={() => onMerge(other)}
                    >
                      {t.holders.mergeDo}
                    </Button>
                  </li>
                ))}
              </ul>
            </Section>
          ) : null}
        </div>
        <aside>
          {holder.merged.length === 0 ? null : (
            <Section title={t.holders.merged}>
              <ul className={classes.list}>
                {holder.merged.map((double) => (
                  <li key={`${double.id} ${double.at}`} className={classes.row}>
                    <LinkAnchor {...paths.holder(double.id)}>{double.name}</LinkAnchor>
                    <span className={classes.soft}>
                      {t.holders.mergedBy(format.moment(double.at), double.by_name)}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Section title={t.holders.details}>
            <FactList
              facts={[
                { label: t.holders.careOf, value: holder.care_of },
                {
                  label: t.holders.mailingAddress,
                  value: <AddressLines address={holder.address} />,
                },
                {
                  label: t.holders.emails,
                  value:
                    holder.emails.length === 0
                      ? null
                      : holder.emails.map((email) => (
                          <div key={email}>
                            <Anchor href={`mailto:${email}`}>{email}</Anchor>
                          </div>
                        )),
                },
                {
                  label: t.holders.phone,
                  value: holder.phone ? (
                    <Anchor href={`tel:${holder.phone}`} c="inherit">
                      {holder.phone}
                    </Anchor>
                  ) : null,
                },
                {
                  label: t.channels.preference,
                  value: holder.channel
                    ? t.channels.named[holder.channel]
                    : t.channels.noPreference,
                },
                { label: t.holders.aliases, value: holder.aliases.join(", ") },
              ]}
            />
          </Section>
          <HolderGroups holder={holder} />
        </aside>
      </div>
    </>
  );
}
