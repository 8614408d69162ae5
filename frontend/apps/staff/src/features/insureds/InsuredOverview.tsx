import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FactList } from "@countersign/ui/FactList";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { AddressLines } from "../../AddressLines";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { PortalBadge } from "../../PortalBadge";
import classes from "./InsuredOverview.module.css";

export interface InsuredOverviewProps {
  readonly insured: components["schemas"]["Insured"];
  /** What else stands on the first tab; composed by the route. */
  readonly children?: ReactNode;
}

export function InsuredOverview({ insured, children }: InsuredOverviewProps) {
  const t = useMessages();
  const format = useFormat();
  const account = insured.portal_user;
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {children}
        <Section title={t.insureds.contacts}>
          {insured.contacts.length === 0 ? (
            <EmptyState title={t.insureds.noContacts}>{t.insureds.noContactsText}</EmptyState>
          ) : (
            <ul className={classes.contacts}>
              {insured.contacts.map((contact) => (
                <li key={contact.id} className={classes.contact}>
                  <span className={classes.person}>
                    {contact.name}
                    {contact.title ? <span className={classes.soft}>{contact.title}</span> : null}
                  </span>
                  <span>
                    {contact.email ? (
                      <Anchor href={`mailto:${contact.email}`}>{contact.email}</Anchor>
                    ) : null}
                  </span>
                  <span>
                    {contact.phone ? (
                      <Anchor href={`tel:${contact.phone}`} c="inherit">
                        {contact.phone}
                      </Anchor>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
      <aside>
        <Section title={t.insureds.details}>
          <FactList
            facts={[
              { label: t.insureds.dba, value: insured.dba },
              { label: t.insureds.trade, value: insured.trade },
              {
                label: t.insureds.email,
                value: insured.email ? (
                  <Anchor href={`mailto:${insured.email}`}>{insured.email}</Anchor>
                ) : null,
              },
              {
                label: t.insureds.phone,
                value: insured.phone ? (
                  <Anchor href={`tel:${insured.phone}`} c="inherit">
                    {insured.phone}
                  </Anchor>
                ) : null,
              },
              {
                label: t.insureds.mailingAddress,
                value: <AddressLines address={insured.address} />,
              },
              { label: t.insureds.customerId, value: insured.customer_id },
              { label: t.insureds.fein, value: insured.fein },
              {
                label: t.insureds.customerSince,
                value: insured.customer_since ? format.longDate(insured.customer_since) : null,
              },
              {
                label: t.insureds.portal,
                value: account ? (
                  <LinkAnchor {...paths.portalUser(insured.id)} underline="never">
                    <PortalBadge state={account.state} />
                  </LinkAnchor>
                ) : (
                  <PortalBadge state={null} />
                ),
              },
            ]}
          />
        </Section>
      </aside>
    </div>
  );
}
