import { type RefObject, useLayoutEffect, useRef } from "react";

/** The button of the menu that an item stands in: the item goes with its menu. */
function menuButton(element: Element): HTMLElement | null {
  const id = element.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return id ? document.getElementById(id) : null;
}

/**
 * Where the focus was last, and where it was last outside of dialogs and menus. Asked only when a
 * dialog opens it may be too late: what was pressed can be gone in the same moment.
 */
let last: HTMLElement | null = null;
let outside: HTMLElement | null = null;

function follow({ target }: Event) {
  if (!(target instanceof HTMLElement)) return;
  last = target;
  const button = menuButton(target) ?? target;
  if (button.closest('[role="dialog"], [role="menu"]') === null) outside = button;
}

if (typeof document !== "undefined") document.addEventListener("focusin", follow);

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
    const now = document.activeElement;
    const element = now instanceof HTMLElement && now !== document.body ? now : last;
    const button = element === null ? null : menuButton(element);
    const before = outside;
    return () => {
      pending.current = requestAnimationFrame(() => {
        const now = document.activeElement;
        const lost = now === null || now === document.body || now.closest('[role="dialog"]');
        if (!lost) return;
        const title = document.querySelector<HTMLElement>("main h1");
        focusFirst([to?.current, element, button, before, title]);
      });
    };
  }, [opened, to]);
}
