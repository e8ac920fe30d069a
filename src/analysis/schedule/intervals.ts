/** Stretches of time: joined, cut out of each other, and added up. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Of the first to begin; Infinity where there is none. */
export function startOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((ms, { startMs }) => Math.min(ms, startMs), Infinity);
}

/** Of the last to end; -Infinity where there is none. */
export function endOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((ms, { endMs }) => Math.max(ms, endMs), -Infinity);
}

/** Disjoint and in order of start; those without length are left out. */
export function join(stretches: Iterable<Stretch>): Stretch[] {
  const sorted = [...stretches].filter(({ startMs, endMs }) => startMs < endMs).sort((a, b) => a.startMs - b.startMs);
  const joined: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/** What `joined` has within `from` to `to`. */
export function within(joined: readonly Stretch[], from: number, to: number): Stretch[] {
  const found: Stretch[] = [];
  for (let at = firstEndingAfter(joined, from); at < joined.length; at++) {
    const { startMs, endMs } = joined[at] as Stretch;
    if (startMs >= to) break;
    found.push({ startMs: Math.max(startMs, from), endMs: Math.min(endMs, to) });
  }
  return found;
}

/** Milliseconds of `joined` within `from` to `to`. */
export function overlapMs(joined: readonly Stretch[], from = -Infinity, to = Infinity): number {
  let sum = 0;
  for (let at = firstEndingAfter(joined, from); at < joined.length; at++) {
    const { startMs, endMs } = joined[at] as Stretch;
    if (startMs >= to) break;
    sum += Math.min(endMs, to) - Math.max(startMs, from);
  }
  return sum;
}

/** `from` without what `taken` covers; both joined. */
export function without(from: readonly Stretch[], taken: readonly Stretch[]): Stretch[] {
  return from.flatMap(({ startMs, endMs }) => {
    const left: Stretch[] = [];
    let at = startMs;
    for (const hole of within(taken, startMs, endMs)) {
      if (at < hole.startMs) left.push({ startMs: at, endMs: hole.startMs });
      at = hole.endMs;
    }
    if (at < endMs) left.push({ startMs: at, endMs });
    return left;
  });
}

function firstEndingAfter(joined: readonly Stretch[], ms: number): number {
  let low = 0;
  let high = joined.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((joined[middle] as Stretch).endMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first that is not below `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
