/** A day that has begun wherever the agency is: this machine may be in another one already. */
export function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}
