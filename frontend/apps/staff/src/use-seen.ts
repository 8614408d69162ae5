import { useState } from "react";

/**
 * The record that a form began with. What others save meanwhile reaches the form only when the person
 * asks for it, so that neither what they entered nor the version that they saw is changed under them.
 */
export function useSeen<T extends { readonly id: string }>(
  latest: T,
): [seen: T, look: (next: T) => void] {
  const [seen, setSeen] = useState(latest);
  if (seen.id === latest.id) return [seen, setSeen];
  // The address leads to another record.
  setSeen(latest);
  return [latest, setSeen];
}
