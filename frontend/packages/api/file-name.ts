/** The name that the server gives to a file which it hands out; null where it gives none. */
export function fileName(response: Response): string | null {
  const said = response.headers.get("content-disposition") ?? "";
  const encoded = /;\s*filename\*=utf-8''([^;\s]+)/i.exec(said)?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // No name that can be read: the plain one stands beside it.
    }
  }
  const plain = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(said)?.[1];
  return plain?.replace(/\\(.)/g, "$1") ?? null;
}
