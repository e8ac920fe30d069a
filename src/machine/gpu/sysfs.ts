/** Files of the kernel about graphics cards: small texts, read one after the other and never synchronously, since a driver that hangs blocks who reads. */
// eslint-disable-next-line no-restricted-imports -- files of the kernel alone, without a FIFO among them; it does not block
import { readdirSync, readFile, readlinkSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { amount } from './reading.ts';

/** A driver of cards by its number as a vendor on the bus. */
export type VendorId = '0x1002' | '0x8086';

export interface Card {
  /** `/sys/class/drm/card0` */
  readonly folder: string;
  /** `0000:03:00.0` */
  readonly place: string;
}

/** Text without the newline at its end; undefined where there is none, or it may not be read. */
export function readText(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    readFile(path, 'latin1', (error, text) => resolve(error === null ? text.trim() : undefined));
  });
}

/** A whole number of 0 or more. */
export async function readNumber(path: string): Promise<number | undefined> {
  const text = (await readText(path)) ?? '';
  return /^\d{1,20}$/.test(text) ? amount(Number(text)) : undefined;
}

export function namesIn(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    // ENOENT: no such driver. EACCES: not for us.
    return [];
  }
}

/** Cards of one vendor. @param sys Default: `/sys`. */
export async function cardsOf(vendor: VendorId, sys: string): Promise<Card[]> {
  const cards: Card[] = [];
  for (const name of namesIn(`${sys}/class/drm`, /^card\d{1,3}$/)) {
    const folder = `${sys}/class/drm/${name}`;
    if ((await readText(`${folder}/device/vendor`)) === vendor) cards.push({ folder, place: placeOf(folder) ?? name });
  }
  return cards;
}

function placeOf(folder: string): string | undefined {
  try {
    return basename(readlinkSync(`${folder}/device`));
  } catch {
    // EINVAL: no link.
    return undefined;
  }
}

export interface Sensors {
  readonly powerWatts: number | undefined;
  /** By its label: `edge`, `junction`, `mem`, `pkg`, `vram`. */
  readonly celsius: ReadonlyMap<string, number>;
  /** Since the driver was loaded. */
  readonly energyJoules: number | undefined;
}

/** hwmon: power in microwatts, temperatures in thousandths of a degree, energy in microjoules. */
export async function sensorsOf(card: string): Promise<Sensors> {
  const [monitor] = namesIn(`${card}/device/hwmon`, /^hwmon\d{1,4}$/);
  const folder = `${card}/device/hwmon/${monitor ?? ''}`;
  const celsius = new Map<string, number>();
  if (monitor === undefined) return { powerWatts: undefined, celsius, energyJoules: undefined };
  for (const name of namesIn(folder, /^temp\d{1,2}_input$/)) {
    const value = await readNumber(`${folder}/${name}`);
    if (value !== undefined) celsius.set((await readText(`${folder}/${name.replace('_input', '_label')}`)) ?? name, value / 1_000);
  }
  const power = (await readNumber(`${folder}/power1_average`)) ?? (await readNumber(`${folder}/power1_input`));
  const energy = await readNumber(`${folder}/energy1_input`);
  return {
    powerWatts: power === undefined ? undefined : power / 1e6,
    celsius,
    energyJoules: energy === undefined ? undefined : energy / 1e6,
  };
}
