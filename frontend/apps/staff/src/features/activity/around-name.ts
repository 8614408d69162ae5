/** A sentence in three parts: what stands before a name, the name, and what follows it. */
export interface AroundName {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/** Finds a name in a sentence; a name that does not stand in it is put behind it, with the word that joins them. */
export function aroundName(sentence: string, name: string, joint: string): AroundName {
  const at = sentence.indexOf(name);
  if (at < 0) return { before: `${sentence} ${joint} `, name, after: "" };
  return { before: sentence.slice(0, at), name, after: sentence.slice(at + name.length) };
}
