/** `--since`: a span of time before now, or a day. */

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Epoch ms; undefined for what is neither. A day begins at its midnight here. @example sinceOf('7d', Date.now()) */
export function sinceOf(text: string, nowMs: number): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (count !== '') return nowMs - Number(count) * (UNIT_MS[unit] ?? NaN);
  const [, year, month, day] = /^(20\d\d)-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  // The 31st of February would be the 3rd of March.
  return date.getMonth() === Number(month) - 1 && date.getDate() === Number(day) ? date.getTime() : undefined;
}
