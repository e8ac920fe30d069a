/** How lanes are laid out: all of them where they fit; above a hundred first those that need someone, then groups, then all. */

export interface Band {
  readonly kind: 'lanes' | 'groups';
  /** Written above it; empty where it is the only one. */
  readonly title: string;
  /** Numbers of lanes, or of groups. */
  readonly items: readonly number[];
  readonly itemHeight: number;
  /** Of its first item, in the picture as a whole. */
  readonly y: number;
}

export interface Layout {
  readonly bands: readonly Band[];
  readonly height: number;
}

export interface LayoutInput {
  /** Lanes to show, in order. */
  readonly lanes: readonly number[];
  readonly pinned: readonly number[];
  /** Lanes that need someone, the most urgent first. */
  readonly needy: readonly number[];
  readonly groups: number;
  readonly mode: 'auto' | 'rows' | 'all';
  readonly height: number;
}

/** From this height on a lane is drawn with hatches and letters; below, as one row of a bitmap. */
export const ROW_MIN_PX = 11;
export const TITLE_PX = 20;
const ROW_PX = 20;
const MAX_ROW_PX = 28;
const LEAST_PX = 3;
const MANY_LANES = 100;
const MAX_NEEDY = 10;

export function layoutOf({ lanes, pinned, needy, groups, mode, height }: LayoutInput): Layout {
  const bands: Band[] = [];
  let y = 0;
  const add = (kind: Band['kind'], title: string, items: readonly number[], itemHeight: number): void => {
    if (items.length === 0) return;
    if (title !== '') y += TITLE_PX;
    bands.push({ kind, title, items, itemHeight, y });
    y += items.length * itemHeight;
  };
  const known = new Set(lanes);
  const top = pinned.filter((lane) => known.has(lane));
  const rest = lanes.filter((lane) => !top.includes(lane));
  add('lanes', top.length > 0 ? 'Pinned' : '', top, ROW_PX);
  const isMany = lanes.length > MANY_LANES;
  if (isMany) {
    add('lanes', 'Need you', needy.filter((lane) => known.has(lane)).slice(0, MAX_NEEDY), ROW_PX);
    if (groups > 1)
      add(
        'groups',
        'By type',
        Array.from({ length: groups }, (_, index) => index),
        ROW_PX,
      );
  }
  const title = bands.length === 0 ? '' : isMany ? `All ${rest.length} lanes` : 'Lanes';
  const left = height - y - (title === '' ? 0 : TITLE_PX);
  add('lanes', title, rest, heightOf(mode, rest.length, left));
  return { bands, height: y };
}

function heightOf(mode: LayoutInput['mode'], count: number, left: number): number {
  if (mode === 'rows') return ROW_PX;
  const fitting = Math.floor(left / Math.max(1, count));
  const least = count <= 8 ? ROW_PX : LEAST_PX;
  return Math.min(MAX_ROW_PX, Math.max(least, fitting));
}

export interface Hit {
  readonly band: Band;
  readonly item: number;
}

/** What is at this height of the whole picture. */
export function hit({ bands }: Layout, y: number): Hit | undefined {
  for (const band of bands) {
    const item = band.items[Math.floor((y - band.y) / band.itemHeight)];
    if (y >= band.y && item !== undefined) return { band, item };
  }
  return undefined;
}

/** Top and height of a lane in the whole picture, where it is shown first. */
export function placeOf({ bands }: Layout, lane: number): { y: number; height: number } | undefined {
  for (const band of bands) {
    const index = band.kind === 'lanes' ? band.items.indexOf(lane) : -1;
    if (index >= 0) return { y: band.y + index * band.itemHeight, height: band.itemHeight };
  }
  return undefined;
}
