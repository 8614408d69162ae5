import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { MenuAction } from "@countersign/ui/MenuAction";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { ActionIcon, Menu } from "@mantine/core";
import { IconCalendarX, IconDots, IconPencil, IconSend } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Interest } from "../../interest";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { EndInterest } from "./EndInterest";
import classes from "./InterestsList.module.css";

export interface InterestsListProps {
  readonly insured: components["schemas"]["Insured"];
}

/** Who has a stake in the insured's cover: those that stand, and below them those of the past. */
export function InterestsList({ insured }: InterestsListProps) {
  const t = useMessages();
  const i = t.interests;
  const format = useFormat();
  const navigate = useNavigate();
  const [ending, setEnding] = useState<Interest | null>(null);
  const list = api.useQuery("get", "/v1/insureds/{insured}/interests", {
    params: { path: { insured: insured.id } },
  });
  const columns = useMemo((): readonly Column<Interest>[] => {
    const sendNot = (interest: Interest) => {
      if (interest.may.includes("send")) return null;
      return interest.state === "current" ? t.certificates.whyNot.resend : i.whyNot[interest.state];
    };
    const editNot = (interest: Interest, what: string) => {
      if (interest.may.includes(what)) return null;
      return interest.state === "ended" ? i.whyNot.ended : i.mayNot;
    };
    return [
      {
        id: "actions",
        header: t.actions,
        quietHeader: true,
        width: "40px",
        phone: "actions",
        cell: (interest) => (
          <Menu position="bottom-start">
            <Menu.Target>
              <ActionIcon aria-label={t.actionsFor(interest.name)}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <MenuAction
                icon={<IconSend size={16} stroke={1.6} />}
                reason={sendNot(interest)}
                onClick={() =>
                  void navigate(paths.sendCertificate(insured.id, { interest: interest.id }))
                }
              >
                {t.certificates.sendWith}
              </MenuAction>
              <MenuAction
                icon={<IconPencil size={16} stroke={1.6} />}
                reason={editNot(interest, "edit")}
                onClick={() => void navigate(paths.interest(insured.id, interest.id))}
              >
                {i.editShort}
              </MenuAction>
              <MenuAction
                icon={<IconCalendarX size={16} stroke={1.6} />}
                reason={editNot(interest, "end")}
                onClick={() => setEnding(interest)}
              >
                {i.end}
              </MenuAction>
            </Menu.Dropdown>
          </Menu>
        ),
      },
      {
        id: "name",
        header: i.name,
        phone: "title",
        cell: (interest) => (
          <span className={classes.stack}>
            <LinkAnchor {...paths.holder(interest.holder_id)}>{interest.name}</LinkAnchor>
            <span className={classes.soft}>
              {interest.address.city}, {interest.address.state}
            </span>
          </span>
        ),
      },
      {
        id: "nature",
        header: i.natureOf,
        width: "22%",
        cell: (interest) => (
          <span className={classes.stack}>
            <span>{i.natures[interest.nature]}</span>
            <span className={classes.soft}>{interest.item.text ?? i.everything}</span>
            {interest.reference ? (
              <span className={classes.soft}>{i.referenceOf(interest.reference)}</span>
            ) : null}
          </span>
        ),
      },
      {
        id: "policies",
        header: i.writtenOn,
        width: "22%",
        cell: (interest) =>
          interest.policies.length === 0 ? (
            <span className={classes.soft}>{i.nowhere}</span>
          ) : (
            <span className={classes.stack}>
              {interest.policies.map((policy) => (
                <span key={policy.id}>
                  <LinkAnchor {...paths.policy(insured.id, policy.id)}>{policy.number}</LinkAnchor>{" "}
                  <span className={classes.soft}>
                    {[
                      t.lines.short[policy.line],
                      ...interest.endorsements
                        .filter((form) => form.policy_id === policy.id)
                        .map((form) => `${form.form_number} ${form.edition}`),
                    ].join(" · ")}
                  </span>
                </span>
              ))}
            </span>
          ),
      },
      {
        id: "dates",
        header: i.dates,
        width: "208px",
        figures: true,
        cell: (interest) =>
          interest.until_on
            ? i.fromTo(format.date(interest.from_on), format.date(interest.until_on))
            : i.fromOpen(format.date(interest.from_on)),
      },
      {
        id: "state",
        header: i.state,
        width: "168px",
        phone: "bare",
        cell: (interest) => (
          <span className={classes.stack}>
            <StatusBadge tone={interest.state === "current" ? "good" : "quiet"}>
              {i.states[interest.state]}
            </StatusBadge>
            {interest.ended_at ? (
              <span className={classes.soft}>
                {i.endedBy(format.ago(interest.ended_at), interest.ended_by_name ?? "")}
              </span>
            ) : null}
          </span>
        ),
      },
    ];
  }, [t, i, format, navigate, insured.id]);

  if (list.error !== null && list.data === undefined) {
    return <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  }
  const rows = list.data?.data;
  const add =
    list.data === undefined || list.data.may.includes("add") ? (
      <LinkButton {...paths.newInterest(insured.id)} variant="default" size="xs">
        {i.add}
      </LinkButton>
    ) : (
      <GuardedButton reason={i.mayNot} variant="default" size="xs">
        {i.add}
      </GuardedButton>
    );
  if (rows?.length === 0) {
    return (
      <EmptyState title={i.none} action={add}>
        {i.noneText}
      </EmptyState>
    );
  }
  const past = rows?.filter((interest) => interest.state !== "current") ?? [];
  return (
    <>
      <Section title={i.groups.current} note={i.note} actions={add}>
        <DataTable
          label={i.groups.current}
          columns={columns}
          rows={rows?.filter((interest) => interest.state === "current")}
          rowId={(interest) => interest.id}
          empty={<p className={classes.soft}>{i.noneCurrent}</p>}
        />
      </Section>
      {past.length === 0 ? null : (
        <Section title={i.groups.past}>
          <DataTable
            label={i.groups.past}
            columns={columns}
            rows={past}
            rowId={(interest) => interest.id}
            empty={null}
          />
        </Section>
      )}
      {ending === null ? null : (
        <EndInterest key={ending.id} interest={ending} onClose={() => setEnding(null)} />
      )}
    </>
  );
}
