import type { Page } from "@playwright/test";
import { clientOf, data } from "./client";

/**
 * Sends a certificate of an insured with one master and one holder through the API, for a story that begins after that,
 * and answers it.
 */
export async function issueOne(
  staff: Page,
  insured: string,
  to: string,
  options: { readonly undoable?: boolean } = {},
) {
  const client = clientOf(staff);
  const params = { params: { path: { insured } } };
  const masters = data(await client.GET("/v1/insureds/{insured}/masters", params));
  const holders = data(await client.GET("/v1/insureds/{insured}/holders", params));
  return data(
    await client.POST("/v1/insureds/{insured}/certificates", {
      ...params,
      body: {
        master_id: masters.data[0]?.id ?? "",
        holder: { id: holders.data[0]?.id ?? "" },
        recipients: { to: [to] },
        ...options,
      },
    }),
  );
}
