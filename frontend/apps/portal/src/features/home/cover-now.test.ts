import { describe, expect, it } from "vitest";
import { coverNow, type PortalPolicy } from "./cover-now";

function policy(line: string, state: PortalPolicy["state"], until: string): PortalPolicy {
  return {
    id: `${line}-${until}`,
    line: "other",
    line_label: line,
    carrier_name: "Carrier",
    number: `${line}-${until}`,
    effective_on: "2026-03-01",
    expires_on: until,
    state,
  };
}

describe("coverNow", () => {
  it("lists what is in force by its end and what has not begun", () => {
    const cover = coverNow(
      [
        policy("Auto", "in_force", "2027-05-01"),
        policy("General", "in_force", "2026-12-01"),
        policy("General", "upcoming", "2027-12-01"),
      ],
      "2026-11-22",
    );
    expect(cover.inForce.map((each) => each.policy.line_label)).toEqual(["General", "Auto"]);
    expect(cover.upcoming).toHaveLength(1);
    expect(cover.lapsed).toEqual([]);
  });

  it("tells of a renewal where the policy ends that it follows", () => {
    const next = { ...policy("General", "upcoming", "2027-12-01"), effective_on: "2026-12-01" };
    const cover = coverNow([policy("General", "in_force", "2026-12-01"), next], "2026-11-22");
    expect(cover.inForce.map((each) => each.renewedOn)).toEqual(["2026-12-01"]);
    expect(cover.upcoming).toEqual([]);
  });

  it("lets a cancellation that is ahead end the cover, not the term", () => {
    const next = { ...policy("General", "upcoming", "2027-12-01"), effective_on: "2026-12-01" };
    const cancels = policy("General", "in_force", "2026-12-01");
    const cover = coverNow(
      [policy("Auto", "in_force", "2026-11-30"), { ...cancels, cancelled_on: "2026-11-25" }, next],
      "2026-11-22",
    );
    expect(cover.inForce.map((each) => each.policy.line_label)).toEqual(["General", "Auto"]);
    expect(cover.inForce.map((each) => each.renewedOn)).toEqual([null, null]);
    expect(cover.upcoming).toHaveLength(1);
  });

  it("tells of a line that ended without a successor, by its last policy, while that is news", () => {
    const cover = coverNow(
      [
        policy("Umbrella", "expired", "2025-11-01"),
        policy("Umbrella", "cancelled", "2026-11-01"),
        policy("Cargo", "expired", "2024-01-01"),
        policy("General", "expired", "2026-10-01"),
        policy("General", "in_force", "2027-10-01"),
      ],
      "2026-11-22",
    );
    expect(cover.lapsed.map((each) => each.number)).toEqual(["Umbrella-2026-11-01"]);
  });
});
