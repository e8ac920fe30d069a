/** The axis of time: where its ticks are, how they are written, and how its right edge grows while a run goes on. */

const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400].map((seconds) => seconds * 1_000),
];
/** Labels closer than this run into each other. */
const MIN_TICK_PX = 76;

export interface Tick {
  readonly ms: number;
  readonly label: string;
}

export function ticksOf(range: { from: number; to: number }, px: number): Tick[] {
  const perTick = ((range.to - range.from) * MIN_TICK_PX) / Math.max(1, px);
  const largest = STEPS_MS.at(-1) ?? 1;
  const step = STEPS_MS.find((each) => each >= perTick) ?? Math.ceil(perTick / largest) * largest;
  const ticks: Tick[] = [];
  for (let ms = Math.ceil(range.from / step) * step; ms <= range.to; ms += step) ticks.push({ ms, label: clock(ms, step) });
  return ticks;
}

/** `1:05`, `2:03:00`, and with parts of a second where the step is shorter than one: `1:05.250`. */
export function clock(ms: number, step = 1_000): string {
  const whole = Math.floor(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  const digits = step >= 1_000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  const part =
    digits === 0
      ? ''
      : `.${String(Math.floor(ms % 1_000))
          .padStart(3, '0')
          .slice(0, digits)}`;
  return `${head}:${two(whole % 60)}${part}`;
}

/** The past stands still between two steps, so that the eye can read it. */
const GROWTH = 1.12;
const FIRST_EDGE_MS = 10_000;

/** The right edge of a picture that follows a living run: the first step that `now` has not reached. */
export function growingEdge(nowMs: number): number {
  if (nowMs < FIRST_EDGE_MS) return FIRST_EDGE_MS;
  const steps = Math.floor(Math.log(nowMs / FIRST_EDGE_MS) / Math.log(GROWTH)) + 1;
  return FIRST_EDGE_MS * GROWTH ** steps;
}

/** The range after a zoom by `factor` around `at`, not outside of `whole` and not below a few milliseconds. */
export function zoomed(
  range: { from: number; to: number },
  at: number,
  factor: number,
  whole: { from: number; to: number },
): { from: number; to: number } {
  const length = Math.min(whole.to - whole.from, Math.max(5, (range.to - range.from) * factor));
  const share = (at - range.from) / (range.to - range.from);
  return moved({ from: at - share * length, to: at + (1 - share) * length }, 0, whole);
}

/** The range moved by `ms`, kept inside of `whole`. */
export function moved(range: { from: number; to: number }, ms: number, whole: { from: number; to: number }): { from: number; to: number } {
  const length = Math.min(range.to - range.from, whole.to - whole.from);
  const from = Math.min(Math.max(whole.from, range.from + ms), whole.to - length);
  return { from, to: from + length };
}
