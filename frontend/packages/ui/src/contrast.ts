/** Contrast of two colors as WCAG 2.2 defines it, for accents that an agency chooses. */
function channel(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function luminance(hex: string): number {
  const number = Number.parseInt(hex.slice(1), 16);
  return (
    0.2126 * channel((number >> 16) & 255) +
    0.7152 * channel((number >> 8) & 255) +
    0.0722 * channel(number & 255)
  );
}

export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

export function isHexColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

function mix(hex: string, other: string, share: number): string {
  const one = Number.parseInt(hex.slice(1), 16);
  const two = Number.parseInt(other.slice(1), 16);
  const part = (shift: number) =>
    Math.round(((one >> shift) & 255) * (1 - share) + ((two >> shift) & 255) * share);
  return `#${[16, 8, 0].map((shift) => part(shift).toString(16).padStart(2, "0")).join("")}`;
}

/** The accent, moved toward black or white until it stands out from the ground it lies on. */
export function readable(accent: string, ground: string, least = 4.5): string {
  const toward = luminance(ground) > 0.3 ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(accent, toward, share);
    if (contrast(candidate, ground) >= least) return candidate;
  }
  return toward;
}
