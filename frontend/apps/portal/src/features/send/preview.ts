import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import type { SendBody } from "./draft";

export type Preview = components["schemas"]["Preview"];

/** The page as it would print now, with everything that speaks against it. Changes nothing. */
export function previewQuery(insured: string, print: Pick<SendBody, "master_id" | "holder">) {
  return api.queryOptions(
    "post",
    "/v1/insureds/{insured}/certificates/preview",
    { params: { path: { insured } }, body: print },
    { staleTime: 60_000, refetchOnWindowFocus: false },
  );
}

export function pageOf(preview: Preview): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(preview.pdf_base64), (character) => character.charCodeAt(0));
}
