import { type RefObject, useCallback, useEffect, useRef } from "react";

const FIELD = '[aria-invalid="true"], fieldset:has([role="alert"]) input';

/**
 * After each submit that found faults: to the first field that has one, or else to the alert that
 * says what went wrong. `busy` says that the answer of a submit is still on its way.
 *
 * The function that comes back does the same after what is no submit of the form.
 */
export function useFirstFault(form: RefObject<HTMLElement | null>, busy: boolean): () => void {
  const waiting = useRef(busy);
  const show = useCallback(() => {
    const fault =
      form.current?.querySelector<HTMLElement>(FIELD) ??
      form.current?.querySelector<HTMLElement>('[role="alert"]');
    if (!fault) return;
    if (fault.matches('[role="alert"]')) fault.tabIndex = -1;
    fault.focus({ preventScroll: true });
    // Of what is taller than there is room for, the beginning.
    const tall = fault.offsetHeight > window.innerHeight / 2;
    fault.scrollIntoView({ block: tall ? "start" : "center" });
  }, [form]);

  useEffect(() => {
    const answered = waiting.current && !busy;
    waiting.current = busy;
    if (answered) show();
  }, [busy, show]);

  useEffect(() => {
    function submitted({ target }: SubmitEvent) {
      if (target !== form.current) return;
      // After the faults are on the page.
      requestAnimationFrame(() => {
        if (!waiting.current) show();
      });
    }
    // At the document, because a form may come and go while its component stays.
    document.addEventListener("submit", submitted, { capture: true });
    return () => document.removeEventListener("submit", submitted, { capture: true });
  }, [form, show]);

  return useCallback(() => void requestAnimationFrame(show), [show]);
}
