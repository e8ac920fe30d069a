/** Draws the lanes: rows with hatches and letters from 11 px on, one row of a bitmap below. */
import type { Meant } from '../filter.ts';
import { emptyLane, type RunModel } from '../model.ts';
import { CATEGORY_NAMES } from '../../../analysis/looks.ts';
import { pluralOf } from '../words.ts';
import { refine } from './fine.ts';
import { ROW_MIN_PX, TITLE_PX, type Band, type Layout } from './layout.ts';
import type { Palette } from './palette.ts';
import { dominantPixels, middlePixels, NOTHING, pixelsFor, runsOf, type Pixels, type Run } from './pixels.ts';

export interface Scene {
  readonly model: RunModel;
  readonly layout: Layout;
  readonly groups: readonly string[];
  readonly palette: Palette;
  readonly range: { readonly from: number; readonly to: number };
  readonly nowMs: number;
  readonly isLive: boolean;
  readonly width: number;
  readonly height: number;
  readonly gutter: number;
  readonly scrollTop: number;
  readonly ratio: number;
  readonly meant: Meant | undefined;
  /** Lanes that need someone, since when (milliseconds of the run). */
  readonly needy: ReadonlyMap<number, number>;
  readonly lit: ReadonlySet<number>;
  readonly selectedLane: number | undefined;
  readonly selectedTask: number | undefined;
}

/** Narrower pieces get no letter, and no hatch. */
const LETTER_PX = 13;
const HATCH_PX = 6;
const GAP_PX = 2;
const FONT = 'system-ui, sans-serif';

let scratch: { pixels: Pixels; image: ImageData; canvas: HTMLCanvasElement } | undefined;

export function draw(pen: CanvasRenderingContext2D, scene: Scene): void {
  const { width, height, ratio, palette, layout, scrollTop, gutter } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = palette.background;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = 'middle';
  for (const band of layout.bands) {
    const top = band.y - scrollTop;
    if (top > height || top + band.items.length * band.itemHeight < 0) continue;
    if (band.kind === 'groups') drawGroups(pen, scene, band);
    else if (band.itemHeight >= ROW_MIN_PX) drawRows(pen, scene, band);
    else drawBitmap(pen, scene, band);
    drawMarks(pen, scene, band);
    if (band.title !== '') drawTitle(pen, scene, band);
  }
  if (!scene.isLive) return;
  const x = gutter + xOf(scene, scene.nowMs);
  pen.fillStyle = palette.accent;
  if (x >= gutter && x <= width) pen.fillRect(Math.round(x), 0, 1, height);
}

function xOf({ range, width, gutter }: Scene, ms: number): number {
  return ((ms - range.from) / (range.to - range.from)) * (width - gutter);
}

function visibleOf({ scrollTop, height }: Scene, { y, itemHeight, items }: Band): { first: number; last: number } {
  const first = Math.max(0, Math.floor((scrollTop - y) / itemHeight));
  return { first, last: Math.min(items.length, Math.ceil((scrollTop + height - y) / itemHeight)) };
}

function scratchFor(px: number): NonNullable<typeof scratch> {
  if (scratch === undefined || scratch.pixels.category.length !== px) {
    const canvas = document.createElement('canvas');
    scratch = { pixels: pixelsFor(px), image: new ImageData(px, 1), canvas };
  }
  return scratch;
}

/** The pixels of one lane, as many as the screen has. */
function pixelsOf(scene: Scene, lane: number): Pixels {
  const { model, range, nowMs, ratio, width, gutter } = scene;
  const { pixels } = scratchFor(Math.max(1, Math.floor((width - gutter) * ratio)));
  dominantPixels(model.rows[lane] ?? emptyLane(), range, model.open.has(lane) ? nowMs : undefined, pixels);
  refine(lane, range, pixels);
  return pixels;
}

function isMeant({ meant }: Scene, category: number, task: number): boolean {
  if (meant === undefined) return true;
  return meant.categories[category] === 1 && (!meant.isOfTasks || meant.tasks[task] === 1);
}

function drawRows(pen: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  const { palette, ratio, gutter, model } = scene;
  const { first, last } = visibleOf(scene, band);
  for (let index = first; index < last; index++) {
    const lane = band.items[index] ?? 0;
    const y = band.y + index * band.itemHeight - scene.scrollTop;
    const inner = band.itemHeight - GAP_PX;
    pen.font = `600 ${Math.min(11, inner - 1)}px ${FONT}`;
    pen.textAlign = 'center';
    const runs = runsOf(pixelsOf(scene, lane));
    for (const run of runs) {
      const x = gutter + run.x / ratio;
      const width = run.width / ratio;
      const isOn = isMeant(scene, run.category, run.task);
      const isLow = palette.isLow[run.category] === true;
      const inset = isLow ? Math.round(inner * 0.18) : 0;
      pen.globalAlpha = isOn ? 1 : 0.16;
      pen.fillStyle = (width < HATCH_PX ? palette.plain : palette.fill)[run.category] ?? palette.quiet;
      pen.fillRect(x, y + 1 + inset, width, inner - 2 * inset);
      if (width < LETTER_PX || !isOn) continue;
      pen.fillStyle = palette.ink[run.category] ?? palette.foreground;
      const letter = CATEGORY_NAMES[model.categories[run.category] ?? 'other'].letter;
      const middle = y + 1 + inner / 2;
      if (palette.fill[run.category] !== palette.plain[run.category]) {
        pen.fillStyle = palette.plain[run.category] ?? palette.quiet;
        pen.fillRect(x + width / 2 - 5, middle - 6, 10, 12);
        pen.fillStyle = palette.ink[run.category] ?? palette.foreground;
      }
      pen.fillText(letter, x + width / 2, middle);
    }
    pen.globalAlpha = 1;
    drawName(pen, scene, lane, { y, height: band.itemHeight, runs });
  }
}

interface Row {
  readonly y: number;
  readonly height: number;
  readonly runs: readonly Run[];
}

function drawName(pen: CanvasRenderingContext2D, scene: Scene, lane: number, { y, height, runs }: Row): void {
  const { palette, gutter, model, nowMs, range } = scene;
  pen.fillStyle = palette.background;
  pen.fillRect(0, y, gutter, height);
  pen.font = `11px ${FONT}`;
  pen.textAlign = 'right';
  pen.fillStyle = palette.quiet;
  pen.fillText(String(lane + 1), 26, y + height / 2);
  // What a lane does now is its name while the run goes on. Later the last of many tasks is no name for it.
  const tasks = scene.isLive ? 1 : new Set(runs.flatMap(({ task }) => (task < 0 ? [] : [task]))).size;
  const name = tasks > 1 ? pluralOf(tasks, model.lanes.kind) : nameOf(model, lane, Math.min(nowMs, range.to));
  if (gutter < 80 || name === '') return;
  pen.textAlign = 'left';
  pen.fillStyle = palette.foreground;
  pen.fillText(cut(pen, name, gutter - 46), 32, y + height / 2);
}

/** What is in a lane at `ms`, or was last before. */
export function nameOf(model: RunModel, lane: number, ms: number): string {
  const own = model.rows[lane];
  if (own === undefined) return '';
  for (let at = own.start.length - 1; at >= 0; at--) {
    if ((own.start[at] ?? 0) < ms && (own.task[at] ?? -1) >= 0) return model.tasks.label[own.task[at] ?? -1] ?? '';
  }
  return '';
}

function cut(pen: CanvasRenderingContext2D, text: string, width: number): string {
  const short = text.slice(0, 80);
  if (pen.measureText(short).width <= width) return short;
  let length = short.length;
  while (length > 1 && pen.measureText(`${short.slice(0, length)}…`).width > width) length--;
  return `${short.slice(0, length)}…`;
}

function drawBitmap(pen: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  const { palette, ratio, gutter, width, model } = scene;
  const { first, last } = visibleOf(scene, band);
  const count = last - first;
  if (count <= 0) return;
  const px = Math.max(1, Math.floor((width - gutter) * ratio));
  const kept = scratchFor(px);
  if (kept.image.height !== count || kept.image.width !== px) kept.image = new ImageData(px, count);
  const words = new Uint32Array(kept.image.data.buffer);
  const shift = model.categories.length;
  const nothing = palette.packed[shift - 1] ?? 0;
  for (let row = 0; row < count; row++) {
    const { category, task } = pixelsOf(scene, band.items[first + row] ?? 0);
    for (let x = 0; x < px; x++) {
      const own = category[x] ?? NOTHING;
      const isPale = scene.meant !== undefined && own !== NOTHING && !isMeant(scene, own, task[x] ?? -1);
      words[row * px + x] = own === NOTHING ? nothing : (palette.packed[isPale ? own + shift : own] ?? nothing);
    }
  }
  if (kept.canvas.width !== px || kept.canvas.height !== count) Object.assign(kept.canvas, { width: px, height: count });
  kept.canvas.getContext('2d')?.putImageData(kept.image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(kept.canvas, gutter, band.y + first * band.itemHeight - scene.scrollTop, width - gutter, count * band.itemHeight);
}

/** What needs someone is outlined and marked at the edge, what is selected or lit too. */
function drawMarks(pen: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  if (band.kind !== 'lanes') return;
  const { palette, gutter, width } = scene;
  const { first, last } = visibleOf(scene, band);
  for (let index = first; index < last; index++) {
    const lane = band.items[index] ?? 0;
    const y = band.y + index * band.itemHeight - scene.scrollTop;
    const height = Math.max(2, band.itemHeight - GAP_PX);
    const since = scene.needy.get(lane);
    if (since !== undefined) {
      const from = Math.max(gutter, gutter + xOf(scene, since));
      pen.fillStyle = palette.alarm;
      pen.fillRect(0, y, 4, band.itemHeight);
      pen.strokeStyle = palette.alarm;
      pen.lineWidth = 1.5;
      if (from < width) pen.strokeRect(from, y + 0.5, Math.max(3, Math.min(width, gutter + xOf(scene, scene.nowMs)) - from), height);
    }
    if (scene.lit.has(lane)) {
      pen.fillStyle = palette.accent;
      pen.fillRect(gutter - 6, y, 5, band.itemHeight);
    }
    if (scene.selectedLane === lane) drawSelection(pen, scene, y, height);
  }
}

function drawSelection(pen: CanvasRenderingContext2D, scene: Scene, y: number, height: number): void {
  const { palette, gutter, width, model, selectedTask } = scene;
  const from = selectedTask === undefined ? scene.range.from : (model.tasks.start[selectedTask] ?? 0);
  const to = selectedTask === undefined ? scene.range.to : (model.tasks.end[selectedTask] ?? scene.nowMs);
  const left = Math.max(gutter, gutter + xOf(scene, from));
  const right = Math.min(width, gutter + xOf(scene, to));
  pen.strokeStyle = palette.foreground;
  pen.lineWidth = 2;
  if (right > left) pen.strokeRect(left, y, Math.max(2, right - left - 1), Math.max(3, height + 1));
  pen.fillStyle = palette.foreground;
  pen.fillRect(gutter - 6, y, 5, Math.max(3, height));
}

function drawTitle(pen: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  const y = band.y - TITLE_PX - scene.scrollTop;
  pen.fillStyle = scene.palette.background;
  pen.fillRect(0, y, scene.width, TITLE_PX);
  pen.font = `600 11px ${FONT}`;
  pen.textAlign = 'left';
  pen.fillStyle = scene.palette.quiet;
  pen.fillText(band.title, 8, y + TITLE_PX / 2);
}

/** One row a type of task: how many of its lanes are in which category, over time. */
function drawGroups(pen: CanvasRenderingContext2D, scene: Scene, band: Band): void {
  const { model, groups, palette, gutter, width, range, nowMs } = scene;
  const step = 3;
  const columns = Math.max(1, Math.floor((width - gutter) / step));
  const kinds = model.categories.length;
  const numbers = new Map(groups.map((name, index) => [name, index]));
  const groupOf = model.tasks.type.map((type) => numbers.get(type) ?? -1);
  const counts = new Uint16Array(groups.length * columns * kinds);
  const pixels = pixelsFor(columns);
  const { category, task } = pixels;
  for (let lane = 0; lane < model.rows.length; lane++) {
    middlePixels(model.rows[lane] ?? emptyLane(), range, model.open.has(lane) ? nowMs : undefined, pixels);
    for (let column = 0; column < columns; column++) {
      const own = category[column] ?? NOTHING;
      const group = own === NOTHING ? -1 : (groupOf[task[column] ?? -1] ?? -1);
      if (group < 0) continue;
      const index = (group * columns + column) * kinds + own;
      counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  let most = 1;
  for (let at = 0; at < counts.length; at += kinds) most = Math.max(most, sumOf(counts, at, kinds));
  for (const [index, name] of groups.entries()) {
    const y = band.y + index * band.itemHeight - scene.scrollTop;
    const inner = band.itemHeight - GAP_PX;
    for (let column = 0; column < columns; column++) {
      let bottom = y + inner;
      for (let kind = 0; kind < kinds; kind++) {
        const share = ((counts[(index * columns + column) * kinds + kind] ?? 0) / most) * inner;
        if (share === 0) continue;
        pen.fillStyle = palette.plain[kind] ?? palette.quiet;
        pen.fillRect(gutter + column * step, bottom - share, step, share);
        bottom -= share;
      }
    }
    pen.font = `11px ${FONT}`;
    pen.textAlign = 'left';
    pen.fillStyle = palette.foreground;
    pen.fillText(cut(pen, name, gutter - 20), 8, y + inner / 2);
  }
}

function sumOf(counts: Uint16Array, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at++) sum += counts[at] ?? 0;
  return sum;
}
