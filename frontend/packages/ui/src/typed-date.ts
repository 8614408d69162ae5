const AS_PEOPLE_WRITE = /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>[1-9]\d{3})$/;
const AS_MACHINES_WRITE = /^(?<year>[1-9]\d{3})-(?<month>\d{2})-(?<day>\d{2})$/;

/** "3/5/2027" or "2027-03-05" as "2027-03-05"; null for every other text and for a day that does not exist. */
export function typedDate(text: string): string | null {
  const found = AS_PEOPLE_WRITE.exec(text.trim()) ?? AS_MACHINES_WRITE.exec(text.trim());
  if (found?.groups === undefined) return null;
  const { year = "", month = "", day = "" } = found.groups;
  const plain = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const read = new Date(`${plain}T00:00:00Z`);
  // A date that rolls over into the next month comes back as another one.
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(plain) ? plain : null;
}
