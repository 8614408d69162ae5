import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Requirement } from "../../Requirements";
import type { Finding } from "./findings";

type DraftBody = components["schemas"]["DraftBody"];
export type Wording = components["schemas"]["Wording"];

export interface LivePreview {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly findings: readonly Finding[];
  /** The sentences that the forms on the printed policies allow. */
  readonly wordings: readonly Wording[];
  /** As it is printed: with its placeholders filled. Null while no page is drawn. */
  readonly description: string | null;
  /** The known holder whose page was drawn last, and what it asks for, each with what becomes of it. */
  readonly asks: { readonly holder: string; readonly requirements: readonly Requirement[] } | null;
  /** The endorsements that would go with it. Null while no page is drawn. */
  readonly enclosures: components["schemas"]["Enclosures"] | null;
  readonly loading: boolean;
  readonly problem: ProblemError | null;
  readonly again: () => void;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** The page, or the next revision of one, that these decisions would print now, and what speaks against sending it. */
export function usePreview(
  insured: string,
  revises: string | null,
  body: DraftBody | null,
): LivePreview {
  const query = useQuery({
    queryKey: ["preview of a certificate", insured, revises, body],
    queryFn: async ({ signal }) => {
      if (body === null) throw new Error("there is nothing to preview");
      const { data } =
        revises === null
          ? await client.POST("/v1/insureds/{insured}/certificates/preview", {
              params: { path: { insured } },
              body,
              signal,
            })
          : await client.POST("/v1/certificates/{certificate}/revisions/preview", {
              params: { path: { certificate: revises } },
              body,
              signal,
            });
      if (data === undefined) throw new Error("the server answered a preview without a page");
      return { ...data, holder: body.holder.id ?? null };
    },
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    // Whoever comes back from mending a finding must not be shown it from memory.
    refetchOnMount: "always",
    gcTime: 120_000,
  });
  // What a field's fault refuses leaves the last page standing.
  const [last, setLast] = useState(query.data);
  if (query.data !== undefined && query.data !== last) setLast(query.data);
  const data = query.data ?? (body === null ? undefined : last);
  const base64 = data?.pdf_base64;
  const bytes = useMemo(() => (base64 === undefined ? null : decode(base64)), [base64]);
  return {
    bytes,
    findings: data?.findings ?? [],
    wordings: data?.wordings ?? [],
    description: data?.description ?? null,
    asks: data?.holder ? { holder: data.holder, requirements: data.requirements } : null,
    enclosures: data?.enclosures ?? null,
    loading: query.isFetching,
    problem: query.error === null ? null : problemOf(query.error),
    again: () => void query.refetch(),
  };
}
