import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

export type Concern = components["schemas"]["Concern"];

export interface RecipientCheck {
  readonly concerns: readonly Concern[];
  /** What is shown is not yet about these recipients. */
  readonly waiting: boolean;
  /** It could not be asked; sending does not wait for that. */
  readonly failed: boolean;
}

const NONE: readonly Concern[] = [];

/** What is odd about these recipients, asked a moment after the last change. */
export function useRecipientCheck(
  to: readonly string[],
  cc: readonly string[],
  holder: string | null,
): RecipientCheck {
  // As many as one mail takes; sending refuses more.
  const recipients = [...new Set([...to, ...cc])].slice(0, 20);
  const wanted = JSON.stringify({ recipients, holder_id: holder });
  const [asked] = useDebouncedValue(wanted, 250);
  const query = useQuery({
    queryKey: ["check of recipients", asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST("/v1/recipient-checks", {
        body: { recipients, holder_id: holder },
        signal,
      });
      if (data === undefined) throw new Error("the server answered a check without concerns");
      return data;
    },
    enabled: recipients.length > 0 && asked === wanted,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  if (recipients.length === 0) return { concerns: NONE, waiting: false, failed: false };
  return {
    concerns: query.data?.concerns ?? NONE,
    waiting: asked !== wanted || query.isFetching,
    failed: query.isError,
  };
}
