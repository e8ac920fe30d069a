/** The picture of the lanes: a canvas that can be scrolled, panned, zoomed and walked through by the keyboard. */
import { computed, effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { meantNow } from '../meant.ts';
import { openTask, selectAt, selectedTaskRow, selectedLane, sentenceAt, cursorLane } from '../selection.ts';
import { changeView, facts, isLive, lit, model, nowOfRun, version, view } from '../state.ts';
import { theme } from '../theme.ts';
import { moved, zoomed } from './axis.ts';
import { draw } from './draw.ts';
import { followFine, type Wanted } from './fine.ts';
import { hit, layoutOf, placeOf, type Layout } from './layout.ts';
import { paletteOf } from './palette.ts';
import { growEdge, range, whole } from './range.ts';
import { tip, Tip } from './tip.tsx';

const size = signal({ width: 0, height: 0 });
export const scrollTop = signal(0);
/** Room for the names of lanes and strips. */
export const gutterPx = computed(() => (size.value.width < 560 ? 34 : size.value.width < 900 ? 150 : 216));
export const plotPx = computed(() => Math.max(1, size.value.width - gutterPx.value));

export const groupsNow = computed<readonly string[]>(() => {
  void facts.value;
  const counts = new Map<string, number>();
  for (const type of model.value?.tasks.type ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8)
    .map(([type]) => type);
});

/** Lanes that need someone, and since when. */
export const needyLanes = computed<ReadonlyMap<number, number>>(() => {
  void facts.value;
  const urgent = (model.value?.needs ?? []).filter(({ isUrgent }) => isUrgent);
  return new Map(urgent.flatMap(({ lanes, since }) => lanes.map((lane) => [lane, since] as const)));
});

/** In order of their number; only those with something that the filter means, where it says so. */
export const shownLanes = computed<readonly number[]>(() => {
  void facts.value;
  const run = model.value;
  if (run === undefined) return [];
  const all = Array.from({ length: Math.max(run.lanes.count, run.rows.length) }, (_, lane) => lane);
  const meant = meantNow.value;
  if (!view.value.isOnly || meant === undefined) return all;
  return all.filter((lane) => {
    const row = run.rows[lane];
    return row?.task.some((task, at) => (!meant.isOfTasks || meant.tasks[task] === 1) && meant.categories[row.category[at] ?? 0] === 1);
  });
});

export const layout = computed<Layout>(() =>
  layoutOf({
    lanes: shownLanes.value,
    pinned: view.value.pinned,
    needy: [...needyLanes.value.keys()],
    groups: groupsNow.value.length,
    mode: view.value.lanes,
    height: size.value.height,
  }),
);

/** Frames that were drawn, and how long the last one took: read by tests and measurements. */
export const drawn = { frames: 0, lastMs: 0 };

export function scrollTo(y: number): void {
  scrollTop.value = Math.max(0, Math.min(y, layout.peek().height - size.peek().height));
}

/** Scrolls so that a lane is in view, and the picture too: what led here may stand far below it. */
export function showLane(lane: number): void {
  requestAnimationFrame(() => {
    document.querySelector('canvas.lanes')?.scrollIntoView({ block: 'nearest' });
  });
  const place = placeOf(layout.peek(), lane);
  if (place === undefined) return;
  if (place.y < scrollTop.peek()) scrollTo(place.y - 8);
  else if (place.y + place.height > scrollTop.peek() + size.peek().height) scrollTo(place.y + place.height - size.peek().height + 8);
}

export function zoom(factor: number, at = (range.peek().from + range.peek().to) / 2): void {
  changeView({ range: zoomed(range.peek(), at, factor, whole.peek()) }, 'step');
}

export function pan(share: number): void {
  const now = range.peek();
  changeView({ range: moved(now, (now.to - now.from) * share, whole.peek()) }, 'step');
}

/** `height`: where it is as high as its lanes need; else it takes the room that is left. */
export function Lanes({ height }: { readonly height?: number | undefined }): preact.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => (canvas.current === null ? undefined : drive(canvas.current)), []);
  return (
    <>
      <canvas
        ref={canvas}
        class="lanes"
        style={height === undefined ? {} : { height: `${height}px` }}
        tabIndex={0}
        role="application"
        aria-label="Lanes over time. Arrow keys move between activities and lanes, Enter opens, w and s zoom, a and d move, t shows the same as a table, question mark tells all keys."
      />
      <Tip />
    </>
  );
}

/** Listens and draws until the returned function is called. */
function drive(canvas: HTMLCanvasElement): () => void {
  const pen = canvas.getContext('2d', { alpha: false });
  if (pen === null) return () => undefined;
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  let asked = 0;
  const paint = (): void => {
    asked = 0;
    growEdge();
    const run = model.peek();
    const { width, height } = size.peek();
    if (run === undefined || width === 0) return;
    const startedMs = performance.now();
    draw(pen, {
      model: run,
      layout: layout.peek(),
      groups: groupsNow.peek(),
      palette: paletteOf(run.categories, theme.peek(), pen),
      range: range.peek(),
      nowMs: nowOfRun(),
      isLive: isLive.peek(),
      width,
      height,
      gutter: gutterPx.peek(),
      scrollTop: scrollTop.peek(),
      ratio,
      meant: meantNow.peek(),
      needy: needyLanes.peek(),
      lit: lit.peek(),
      selectedLane: selectedLane.peek() ?? cursorLane.peek(),
      selectedTask: selectedTaskRow.peek(),
    });
    drawn.frames++;
    drawn.lastMs = performance.now() - startedMs;
    if (isLive.peek() && !document.hidden) later = setTimeout(ask, LIVE_STEP_MS);
  };
  let later: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    clearTimeout(later);
    if (asked === 0) asked = requestAnimationFrame(paint);
  };
  const observer = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === size.peek().width && height === size.peek().height && canvas.width > 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    size.value = { width, height };
  });
  observer.observe(canvas);
  const stop = effect(() => {
    void [version.value, size.value, layout.value, range.value, theme.value, scrollTop.value, meantNow.value, lit.value];
    void [selectedLane.value, selectedTaskRow.value, cursorLane.value, model.value];
    ask();
  });
  const ignore = listen(canvas);
  const leave = followFine(() => inView(ratio));
  return () => {
    stop();
    leave();
    ignore();
    observer.disconnect();
    clearTimeout(later);
    cancelAnimationFrame(asked);
  };
}

/** Between two messages the line of now moves on, this often. */
const LIVE_STEP_MS = 250;
const DRAG_PX = 4;
/** What one answer of the server holds. */
const MAX_TILE_PX = 4_000;
const MAX_TILE_LANES = 1_000;

/** The pixels of the lanes that can be seen, at most as many lanes and pixels as the server tells at once. */
function inView(ratio: number): Wanted | undefined {
  const { height } = size.value;
  const px = Math.floor(plotPx.value * ratio);
  const top = scrollTop.value;
  const lanes = layout.value.bands
    .filter(({ kind }) => kind === 'lanes')
    .flatMap(({ y, itemHeight, items }) => items.filter((_, at) => y + (at + 1) * itemHeight > top && y + at * itemHeight < top + height));
  if (lanes.length === 0 || px > MAX_TILE_PX) return undefined;
  const firstLane = Math.min(...lanes);
  return { ...range.value, px, firstLane, lastLane: Math.min(Math.max(...lanes), firstLane + MAX_TILE_LANES - 1) };
}

/** Milliseconds of the run at this place of the canvas. */
function msAt(x: number): number {
  const { from, to } = range.peek();
  return from + ((x - gutterPx.peek()) / plotPx.peek()) * (to - from);
}

function listen(canvas: HTMLCanvasElement): () => void {
  const ended = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void, passive = true): void => {
    canvas.addEventListener(type, act, { signal: ended.signal, passive });
  };
  on(
    'wheel',
    (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY * 0.002), msAt(event.offsetX));
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) pan(sideways / plotPx.peek());
      else if (layout.peek().height > size.peek().height) scrollTo(scrollTop.peek() + event.deltaY);
      else return;
      event.preventDefault();
    },
    false,
  );
  let drag: { x: number; y: number; from: { from: number; to: number }; top: number; isDrag: boolean } | undefined;
  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { x: event.offsetX, y: event.offsetY, from: range.peek(), top: scrollTop.peek(), isDrag: false };
    canvas.setPointerCapture(event.pointerId);
  });
  on('pointermove', (event) => {
    if (drag === undefined) {
      showTip(event);
      return;
    }
    tip.value = undefined;
    const [dx, dy] = [event.offsetX - drag.x, event.offsetY - drag.y];
    drag.isDrag ||= Math.abs(dx) + Math.abs(dy) > DRAG_PX;
    if (!drag.isDrag) return;
    if (Math.abs(dx) > 1 && view.peek().range !== undefined) {
      changeView({ range: moved(drag.from, (-dx / plotPx.peek()) * (drag.from.to - drag.from.from), whole.peek()) }, 'step');
    }
    scrollTo(drag.top - dy);
  });
  on('pointerup', (event) => {
    const wasClick = drag !== undefined && !drag.isDrag;
    drag = undefined;
    const found = wasClick ? hit(layout.peek(), event.offsetY + scrollTop.peek()) : undefined;
    if (found?.band.kind === 'groups') changeView({ filter: `type:${groupsNow.peek()[found.item] ?? ''}` }, 'push');
    else if (found !== undefined) selectAt(found.item, msAt(event.offsetX));
  });
  on('pointercancel', () => (drag = undefined));
  on('pointerleave', () => (tip.value = undefined));
  on('dblclick', () => openTask());
  return () => {
    tip.value = undefined;
    ended.abort();
  };
}

/** A finger covers what it points at. */
function showTip({ pointerType, offsetX, offsetY, clientX, clientY }: PointerEvent): void {
  const found = pointerType === 'touch' || offsetX < gutterPx.peek() ? undefined : hit(layout.peek(), offsetY + scrollTop.peek());
  tip.value = found?.band.kind !== 'lanes' ? undefined : { x: clientX, y: clientY, text: sentenceAt(found.item, msAt(offsetX)) };
}
