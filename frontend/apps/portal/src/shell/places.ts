import type { Access } from "../session";

export type Place = "home" | "send" | "certificates" | "policies";

/** Where one can go, in the order of the bar: only what the agency opened. */
export function placesOf(access: Access): Place[] {
  const places: Place[] = ["home"];
  if (access.send) places.push("send");
  if (access.certificates) places.push("certificates");
  if (access.policies) places.push("policies");
  return places;
}
