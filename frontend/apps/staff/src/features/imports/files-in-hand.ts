let inHand: File[] = [];

/** Keeps files that were chosen for an import until its page takes them. */
export function holdFiles(files: File[]): void {
  inHand = files;
}

/** The files that were kept; they are handed out once. */
export function filesInHand(): File[] {
  const files = inHand;
  inHand = [];
  return files;
}
