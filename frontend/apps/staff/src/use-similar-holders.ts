import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

type Holder = components["schemas"]["Holder"];

const NONE: readonly Holder[] = [];

/** Holders of the library that may be the one whose name is being entered, asked a moment after the last letter. */
export function useSimilarHolders(name: string): readonly Holder[] {
  const wanted = name.trim();
  const [asked] = useDebouncedValue(wanted, 350);
  // Fewer letters are like too many names to say anything.
  const enough = asked.length >= 3;
  const query = useQuery({
    queryKey: ["similar holders", asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST("/v1/holders/similar", { body: { name: asked }, signal });
      if (data === undefined) throw new Error("the server answered without holders");
      return data.data;
    },
    enabled: enough,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // It prevents nothing, so nothing waits for it.
    retry: false,
  });
  return enough ? (query.data ?? NONE) : NONE;
}
