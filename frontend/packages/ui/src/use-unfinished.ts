import { useState } from "react";

export interface Unfinished {
  /** Whether any field holds a text that it refused. */
  readonly any: boolean;
  /** What a field calls when it begins or ends to hold one. */
  readonly of: (field: string) => (unfinished: boolean) => void;
}

/** Which fields of a form hold a text that they did not take over, so that it is not sent past it. */
export function useUnfinished(): Unfinished {
  const [fields, setFields] = useState<readonly string[]>([]);
  return {
    any: fields.length > 0,
    of: (field) => (unfinished) =>
      setFields((last) => {
        const others = last.filter((each) => each !== field);
        return unfinished ? [...others, field] : others;
      }),
  };
}
