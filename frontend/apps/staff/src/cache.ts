import { createCache } from "@countersign/api/query";

/** The one cache of what the server said. */
export const cache = createCache();
