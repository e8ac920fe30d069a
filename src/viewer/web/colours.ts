/**
 * The colours of the categories, found by search: at least 3:1 against the background and, for those that matter, a CIEDE2000 difference
 * of 13 or more from each other for normal, protan, deutan and tritan sight. Change them only by measuring.
 */
import type { Category } from '../../analysis/index.ts';

export type Form = 'plain' | 'hatch' | 'back-hatch' | 'low';

export interface CategoryColour {
  readonly light: string;
  readonly dark: string;
  readonly form: Form;
}

export const COLOURS: Readonly<Record<Category, CategoryColour>> = {
  llm: { light: '#4c89e1', dark: '#679bfe', form: 'plain' },
  tool: { light: '#238358', dark: '#29735e', form: 'plain' },
  git: { light: '#8b6694', dark: '#9e799c', form: 'plain' },
  agent: { light: '#29585e', dark: '#55f0fa', form: 'plain' },
  startup: { light: '#93918e', dark: '#b2aeaa', form: 'plain' },
  shutdown: { light: '#93918e', dark: '#b2aeaa', form: 'plain' },
  'wait:rate_limit': { light: '#8d1b16', dark: '#eb7a53', form: 'hatch' },
  'wait:lock': { light: '#a05d02', dark: '#9b5a00', form: 'hatch' },
  'wait:human': { light: '#a79500', dark: '#f4d804', form: 'back-hatch' },
  'wait:gpu': { light: '#68289e', dark: '#794ebf', form: 'hatch' },
  'wait:dependency': { light: '#c3ccd8', dark: '#3b4552', form: 'low' },
  'wait:worker': { light: '#d9dfe7', dark: '#2c3540', form: 'low' },
  'wait:barrier': { light: '#aab6c5', dark: '#4d5a6a', form: 'low' },
  'wait:orchestrator': { light: '#d9dfe7', dark: '#2c3540', form: 'low' },
  'wait:unknown': { light: '#c3ccd8', dark: '#3b4552', form: 'low' },
  other: { light: '#dcd7d0', dark: '#45413c', form: 'low' },
  unobserved: { light: '#e8e4ee', dark: '#2a2533', form: 'low' },
  idle: { light: '#f1f3f6', dark: '#1b2027', form: 'low' },
};

export const BACKGROUND = { light: '#ffffff', dark: '#14171c' } as const;

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}

/** Contrast of two colours by WCAG 2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const { r, g, b } = rgbOf(hex);
  const linear = (part: number): number => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(hex: string): string {
  return contrast(hex, '#000000') >= contrast(hex, '#ffffff') ? '#000000' : '#ffffff';
}

/** For the picture of many lanes: work is mixed half with the background and waits stay full, so that what is stuck stands out. */
export function pale(category: Category, theme: 'light' | 'dark'): Rgb {
  const own = rgbOf(COLOURS[category][theme]);
  if (category.startsWith('wait:')) return own;
  const back = rgbOf(BACKGROUND[theme]);
  const mix = (a: number, b: number): number => Math.round((a + b) / 2);
  return { r: mix(own.r, back.r), g: mix(own.g, back.g), b: mix(own.b, back.b) };
}
