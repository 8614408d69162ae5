const KEY = "countersign-agency";

/** The agency that this browser last signed in to; a convenience, never a secret. */
export function lastAgency(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberAgency(slug: string): void {
  try {
    localStorage.setItem(KEY, slug);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
