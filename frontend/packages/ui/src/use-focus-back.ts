import { type RefObject, useLayoutEffect, useRef } from "react";

/** The button of the menu that an item stands in: the item goes with its menu. */
function menuButton(element: Element): HTMLElement | null {
  const id = element.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return id ? document.getElementById(id) : null;
}

/** Focuses the first that can take it; a page whose button is gone gets the focus at its title. */
function focusFirst(candidates: readonly (HTMLElement | null | undefined)[]): void {
  for (const candidate of candidates) {
    if (!candidate?.isConnected || candidate === document.body) continue;
    candidate.focus({ preventScroll: true });
    if (document.activeElement === candidate) return;
  }
}

/**
 * Gives the focus back when a dialog closes or goes away: to `to`, or to where it was when the
 * dialog opened. A focus that has moved on by then, to another page say, is left alone.
 */
export function useFocusBack(opened: boolean, to?: RefObject<HTMLElement | null>): void {
  const pending = useRef(0);
  useLayoutEffect(() => {
    if (!opened) return;
    cancelAnimationFrame(pending.current);
    const before = document.activeElement;
    const element = before instanceof HTMLElement ? before : null;
    const button = element === null ? null : menuButton(element);
    return () => {
      pending.current = requestAnimationFrame(() => {
        const now = document.activeElement;
        const lost = now === null || now === document.body || now.closest('[role="dialog"]');
        if (!lost) return;
        focusFirst([to?.current, element, button, document.querySelector<HTMLElement>("main h1")]);
      });
    };
  }, [opened, to]);
}
