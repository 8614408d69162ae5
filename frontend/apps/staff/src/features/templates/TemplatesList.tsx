import { client, ifMatch } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { SegmentedControl } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { useMay } from "../../session";
import { TemplateDialog } from "./TemplateDialog";
import classes from "./TemplatesList.module.css";

type Template = components["schemas"]["Template"];

/** The agency's templates, for descriptions and for mails; each is changed in a dialog. */
export function TemplatesList() {
  const t = useMessages();
  const m = t.templates;
  const may = useMay();
  const cache = useQueryClient();
  const [archived, setArchived] = useState(false);
  const [open, setOpen] = useState<Template | "new" | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const list = api.useQuery("get", "/v1/templates", {
    params: { query: archived ? { archived } : {} },
  });
  const columns = useMemo((): readonly Column<Template>[] => {
    async function put(template: Template) {
      setBusy(template.id);
      const call = {
        params: { path: { template: template.id }, header: ifMatch(template.version) },
      };
      try {
        if (template.archived_at) {
          await client.POST("/v1/templates/{template}/restore", call);
          toastDone(m.restoredDone(template.name));
        } else {
          await client.POST("/v1/templates/{template}/archive", call);
          toastDone(m.archivedDone(template.name));
        }
      } catch (thrown) {
        toastProblem(problemOf(thrown));
      } finally {
        await invalidate(cache, "/v1/templates");
        setBusy(null);
      }
    }
    return [
      {
        id: "name",
        header: m.name,
        width: "22%",
        phone: "title",
        cell: (row) => <strong className={classes.name}>{row.name}</strong>,
      },
      { id: "kind", header: m.kind, width: "200px", cell: (row) => m.kinds[row.kind] },
      {
        id: "text",
        header: m.text,
        phone: "bare",
        cell: (row) => (
          <span className={classes.text} title={row.body}>
            {row.body}
          </span>
        ),
      },
      {
        id: "acts",
        header: t.actions,
        quietHeader: true,
        width: "170px",
        align: "right",
        phone: "bare",
        cell: (row) => {
          const reason = row.may.includes("edit") ? null : m.mayNot;
          return (
            <div className={classes.acts}>
              {row.archived_at ? null : (
                <GuardedButton
                  variant="default"
                  size="compact-sm"
                  reason={reason}
                  onClick={() => setOpen(row)}
                  aria-label={m.editOf(row.name)}
                >
                  {m.edit}
                </GuardedButton>
              )}
              <GuardedButton
                variant="default"
                size="compact-sm"
                reason={reason}
                loading={busy === row.id}
                onClick={() => void put(row)}
                aria-label={`${row.archived_at ? m.restore : m.archive} ${row.name}`}
              >
                {row.archived_at ? m.restore : m.archive}
              </GuardedButton>
            </div>
          );
        },
      },
    ];
  }, [t, m, cache, busy]);
  return (
    <>
      <div className={classes.tools}>
        <SegmentedControl
          aria-label={m.which}
          value={archived ? "archived" : "in_use"}
          onChange={(which) => setArchived(which === "archived")}
          data={[
            { value: "in_use", label: m.inUse },
            { value: "archived", label: m.archived },
          ]}
        />
        <GuardedButton
          reason={may("edit_masters") ? null : m.mayNot}
          onClick={() => setOpen("new")}
        >
          {m.add}
        </GuardedButton>
      </div>
      <DataTable
        label={m.title}
        columns={columns}
        rows={list.data?.data}
        rowId={(row) => row.id}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        empty={
          archived ? (
            <EmptyState title={m.noneArchived}>{m.noneArchivedText}</EmptyState>
          ) : (
            <EmptyState title={m.none}>{m.noneText}</EmptyState>
          )
        }
      />
      {open === null ? null : (
        <TemplateDialog template={open === "new" ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
