import type { ReactNode } from "react";
import { useWords } from "./UiProvider";

export interface LoadingProps {
  readonly className?: string | undefined;
  /** The shape of what is on its way: skeletons. */
  readonly children: ReactNode;
}

/** In place of content that is on its way, and saying so to those who do not see its shape. */
export function Loading({ className, children }: LoadingProps) {
  const words = useWords();
  return (
    <div role="status" aria-busy="true" aria-label={words.loading} className={className}>
      {children}
    </div>
  );
}
