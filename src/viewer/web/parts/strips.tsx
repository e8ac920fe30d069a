/** Strips over the lanes: what is used over time, each against its limit, on the axis of the lanes. */
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bytes, count, percent } from '../../../analysis/numbers.ts';
import type { Strip } from '../../wire.ts';
import { facts, isLive, model, nowOfRun, version } from '../state.ts';
import { theme } from '../theme.ts';
import { gutterPx } from '../timeline/lanes.tsx';
import { range } from '../timeline/range.ts';

type Element = preact.JSX.Element;

const HEIGHT_PX = 26;
const MAX_STRIPS = 6;
/** Of its limit: the verdict asks for a look from here on. */
const ALMOST_FULL = 0.95;

export function Strips(): Element | null {
  void facts.value;
  const strips = (model.value?.strips ?? []).filter(({ v }) => v.some((value) => value > 0)).slice(0, MAX_STRIPS);
  if (strips.length === 0) return null;
  return (
    <section class="strips" aria-label="What is used, over time">
      {strips.map((strip) => (
        <StripRow key={strip.id} id={strip.id} />
      ))}
    </section>
  );
}

function StripRow({ id }: { readonly id: string }): Element | null {
  void facts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const own = canvas.current;
    if (own === null) return undefined;
    let asked = 0;
    const paint = (): void => {
      asked = 0;
      const strip = find(id);
      if (strip !== undefined) drawStrip(own, strip);
    };
    const stop = effect(() => {
      void [version.value, range.value, theme.value, gutterPx.value];
      if (asked === 0) asked = requestAnimationFrame(paint);
    });
    const observer = new ResizeObserver(() => {
      if (asked === 0) asked = requestAnimationFrame(paint);
    });
    observer.observe(own);
    return () => {
      stop();
      observer.disconnect();
      cancelAnimationFrame(asked);
    };
  }, [id]);
  const strip = find(id);
  if (strip === undefined) return null;
  // Of a run that has ended the last reading says nothing: how much it was at most does.
  const shown = isLive.value ? (strip.v.at(-1) ?? 0) : strip.v.reduce((most, value) => Math.max(most, value), 0);
  // A share is of its limit already.
  const limit = strip.limit === undefined || strip.unit === '%' ? '' : ` of ${written(strip.limit, strip.unit)}`;
  const words = `${isLive.value ? '' : 'peak '}${written(shown, strip.unit)}${limit}`;
  return (
    <div class="strip" style={{ '--gutter': `${gutterPx.value}px` }} data-strip={id}>
      <span class="name" title={`${strip.label}: ${words}`}>
        <span>{strip.label}</span> <b>{words}</b>
      </span>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

function find(id: string): Strip | undefined {
  return model.peek()?.strips.find((each) => each.id === id);
}

function written(value: number, unit: string): string {
  if (unit === 'By') return bytes(value);
  if (unit === '%') return percent(value / 100);
  return `${count(value)}${unit === '1' ? '' : ` ${unit.replace('1/', '/')}`}`;
}

/** Steps, since a gauge holds until it is read again; the limit is a dashed line. */
function drawStrip(canvas: HTMLCanvasElement, { t, v, limit }: Strip): void {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== HEIGHT_PX * ratio) canvas.height = HEIGHT_PX * ratio;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const style = getComputedStyle(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, HEIGHT_PX);
  const { from, to } = range.peek();
  const top = Math.max(limit ?? 0, ...v, 1e-9) * 1.08;
  const x = (ms: number): number => ((ms - from) / (to - from)) * width;
  const y = (value: number): number => HEIGHT_PX - 2 - (value / top) * (HEIGHT_PX - 4);
  pen.beginPath();
  pen.moveTo(x(t[0] ?? 0), HEIGHT_PX);
  // A gauge holds until it is read again.
  const until = isLive.peek() ? nowOfRun() : 0;
  for (const [index, ms] of t.entries()) {
    const next = t[index + 1] ?? Math.max(ms, until);
    pen.lineTo(x(ms), y(v[index] ?? 0));
    pen.lineTo(x(next), y(v[index] ?? 0));
  }
  pen.lineTo(x(Math.max(t.at(-1) ?? 0, until)), HEIGHT_PX);
  pen.closePath();
  pen.fillStyle = style.getPropertyValue('--strip-fill');
  pen.fill();
  // Where it is almost full, it is strong.
  pen.fillStyle = style.getPropertyValue('--strip-full');
  for (const [index, ms] of t.entries()) {
    const value = v[index] ?? 0;
    if (limit === undefined || value < limit * ALMOST_FULL) continue;
    const right = x(t[index + 1] ?? Math.max(ms, until));
    pen.fillRect(x(ms), y(value), right - x(ms), HEIGHT_PX - y(value));
  }
  pen.strokeStyle = style.getPropertyValue('--accent');
  pen.lineWidth = 1;
  pen.stroke();
  if (limit === undefined) return;
  pen.beginPath();
  pen.setLineDash([4, 3]);
  pen.strokeStyle = style.getPropertyValue('--quiet');
  pen.moveTo(0, y(limit));
  pen.lineTo(width, y(limit));
  pen.stroke();
  pen.setLineDash([]);
}
