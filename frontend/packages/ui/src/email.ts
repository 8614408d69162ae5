/** What a label of a domain is made of; the server reads the same. */
function isLabel(part: string): boolean {
  return (
    part !== "" &&
    part.length <= 63 &&
    !part.startsWith("-") &&
    !part.endsWith("-") &&
    Array.from(part).every((letter) => /^[\p{L}\p{N}-]$/u.test(letter))
  );
}

function isLocal(part: string): boolean {
  return (
    part.length <= 64 &&
    !part.startsWith(".") &&
    !part.endsWith(".") &&
    !part.includes("..") &&
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(part)
  );
}

/**
 * Whether a text can be an address: so that what is none is said where it is typed. The server
 * decides; this takes nothing that it would refuse.
 */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > 254) return false;
  const labels = text.slice(at + 1).split(".");
  return labels.length > 1 && labels.every(isLabel) && isLocal(text.slice(0, at));
}
