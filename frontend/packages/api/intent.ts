/**
 * One act of a person, which must happen once even when the person has to press the button again
 * because no answer came. While the outcome is unknown, the same body keeps the same key; another
 * body, or an answer of any kind, begins a new act.
 */
export class Intent {
  #key: string | null = null;
  #body = "";

  key(body: unknown): string {
    const written = JSON.stringify(body);
    if (this.#key === null || written !== this.#body) this.#key = crypto.randomUUID();
    this.#body = written;
    return this.#key;
  }

  /** The server answered; whatever comes next is a new act. */
  settle(): void {
    this.#key = null;
  }
}
