/** The ruler: ticks of the axis; a drag on it chooses a range and says what it was spent on. */
import { computed, signal } from '@preact/signals';
import type { Category } from '../../../analysis/index.ts';
import { duration, percent } from '../../../analysis/numbers.ts';
import { changeView, model } from '../state.ts';
import { ticksOf } from '../timeline/axis.ts';
import { gutterPx, plotPx, shownLanes } from '../timeline/lanes.tsx';
import { range } from '../timeline/range.ts';
import { Chip, labelOf } from './category.tsx';

type Element = preact.JSX.Element;

/** Milliseconds of the run between which the person drags. */
export const chosen = signal<{ from: number; to: number } | undefined>(undefined);

/** Where the drag began. */
let anchor = 0;

/** Zooms to the chosen range; false where there is none. */
export function zoomToChosen(): boolean {
  const found = chosen.peek();
  if (found === undefined || found.to - found.from < 2) return false;
  chosen.value = undefined;
  changeView({ range: found }, 'push');
  return true;
}

/** How lanes spent the chosen range, largest first. */
const spent = computed(() => {
  const found = chosen.value;
  const run = model.value;
  if (found === undefined || run === undefined) return [];
  const sums = new Map<Category, number>();
  for (const lane of shownLanes.peek()) {
    const own = run.rows[lane];
    if (own === undefined) continue;
    for (let at = 0; at < own.start.length; at++) {
      const ms = Math.min(own.end[at] ?? 0, found.to) - Math.max(own.start[at] ?? 0, found.from);
      const category = run.categories[own.category[at] ?? 0];
      if (ms > 0 && category !== undefined) sums.set(category, (sums.get(category) ?? 0) + ms);
    }
  }
  return [...sums].map(([category, ms]) => ({ category, ms })).sort((a, b) => b.ms - a.ms);
});

export function Ruler(): Element {
  const { from, to } = range.value;
  const px = plotPx.value;
  const x = (ms: number): number => ((ms - from) / (to - from)) * px;
  const msAt = (event: PointerEvent & { currentTarget: HTMLElement }): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.round(from + (Math.min(box.width, Math.max(0, event.clientX - box.left)) / px) * (to - from));
  };
  const found = chosen.value;
  const sum = spent.value.reduce((all, { ms }) => all + ms, 0);
  return (
    <div class="ruler-row" style={{ '--gutter': `${gutterPx.value}px` }}>
      <div
        class="ruler"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = msAt(event);
          chosen.value = { from: at, to: at };
          anchor = at;
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const at = msAt(event);
          chosen.value = { from: Math.min(at, anchor), to: Math.max(at, anchor) };
        }}
        onPointerUp={() => {
          if (found !== undefined && found.to - found.from < 2) chosen.value = undefined;
        }}
      >
        {ticksOf(range.value, px).map(({ ms, label }) => (
          <span key={ms} class="tick" style={{ left: `${x(ms)}px` }}>
            {label}
          </span>
        ))}
        {found !== undefined && (
          <span class="chosen" style={{ left: `${x(found.from)}px`, width: `${Math.max(1, x(found.to) - x(found.from))}px` }} />
        )}
      </div>
      {found !== undefined && sum > 0 && (
        <p class="chosen-text" role="status">
          {duration(found.to - found.from)}:{' '}
          {spent.value.slice(0, 6).map(({ category, ms }) => (
            <span key={category}>
              <Chip category={category} /> {labelOf(category)} {percent(ms / sum)}{' '}
            </span>
          ))}
          <button type="button" onClick={zoomToChosen}>
            Zoom (Enter)
          </button>
        </p>
      )}
    </div>
  );
}
