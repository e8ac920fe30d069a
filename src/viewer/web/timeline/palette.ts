/** Colours and hatches of the categories, ready to draw with. */
import type { Category } from '../../../analysis/index.ts';
import { BACKGROUND, COLOURS, inkOn, pale, rgbOf, type Rgb } from '../colours.ts';

export interface Palette {
  /** A colour, or a hatch of it. */
  readonly fill: readonly (string | CanvasPattern)[];
  /** A plain colour, for pieces too narrow for a hatch. */
  readonly plain: readonly string[];
  readonly ink: readonly string[];
  readonly isLow: readonly boolean[];
  /** One pixel each, as ImageData holds it: first the categories, then the same as shown where a filter does not mean them. */
  readonly packed: Uint32Array;
  readonly background: string;
  readonly foreground: string;
  readonly quiet: string;
  readonly alarm: string;
  readonly accent: string;
}

const made = new Map<string, Palette>();

export function paletteOf(categories: readonly Category[], theme: 'light' | 'dark', context: CanvasRenderingContext2D): Palette {
  const key = `${theme} ${categories.join()}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const back = rgbOf(BACKGROUND[theme]);
  const colours = categories.map((category) => COLOURS[category] ?? COLOURS.other);
  const packed = new Uint32Array(categories.length * 2);
  for (const [index, category] of categories.entries()) {
    const own = pale(category in COLOURS ? category : 'other', theme);
    packed[index] = pack(own);
    packed[index + categories.length] = pack(mix(own, back, 0.82));
  }
  const isLight = theme === 'light';
  const palette: Palette = {
    fill: colours.map((colour) => patternOf(colour[theme], colour.form, theme, context) ?? colour[theme]),
    plain: colours.map((colour) => colour[theme]),
    ink: colours.map((colour) => inkOn(colour[theme])),
    isLow: colours.map(({ form }) => form === 'low'),
    packed,
    background: BACKGROUND[theme],
    foreground: isLight ? '#1b1f24' : '#e8eaed',
    quiet: isLight ? '#5b6470' : '#9aa4b1',
    alarm: isLight ? '#c01c28' : '#ff7b72',
    accent: isLight ? '#0b57d0' : '#8ab4f8',
  };
  made.set(key, palette);
  return palette;
}

function pack({ r, g, b }: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const one = (x: number, y: number): number => Math.round(x + (y - x) * share);
  return { r: one(a.r, b.r), g: one(a.g, b.g), b: one(a.b, b.b) };
}

const TILE_PX = 6;

function patternOf(colour: string, form: string, theme: 'light' | 'dark', context: CanvasRenderingContext2D): CanvasPattern | undefined {
  if (form !== 'hatch' && form !== 'back-hatch') return undefined;
  const tile = document.createElement('canvas');
  tile.width = TILE_PX;
  tile.height = TILE_PX;
  const pen = tile.getContext('2d');
  if (pen === null) return undefined;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, TILE_PX, TILE_PX);
  pen.fillStyle = BACKGROUND[theme];
  pen.globalAlpha = 0.55;
  for (let x = 0; x < TILE_PX; x++) pen.fillRect(form === 'hatch' ? TILE_PX - 1 - x : x, x, 1.4, 1.4);
  return context.createPattern(tile, 'repeat') ?? undefined;
}
