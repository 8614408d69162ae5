const KEY = "countersign-reloaded-at";

/**
 * After an update of the server a page that is still open asks for parts that are gone. It is loaded
 * anew, at most once a minute, so that a part that is truly missing does not turn it in circles.
 */
export function reloadWhenOutdated(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < 60_000) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
