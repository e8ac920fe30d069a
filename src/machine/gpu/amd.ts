/** AMD: the files of amdgpu, and of kfd for the processes that compute; where there are none, rocm-smi. */
import { runCommand } from './command.ts';
import { amount, MAX_PROCESSES, objectIn, shareOf, type GpuProcess, type GpuReading, type Spawn } from './reading.ts';
import { cardsOf, namesIn, readNumber, readText, sensorsOf, type Card } from './sysfs.ts';

const AMD = '0x1002';

/** Cards that amdgpu tells of; none where it tells of no memory. @param sys Default: `/sys`. */
export async function readAmd(sys: string): Promise<GpuReading[]> {
  const readings: GpuReading[] = [];
  const cards = await cardsOf(AMD, sys);
  const processes = cards.length === 0 ? new Map<string, GpuProcess[]>() : await processesByPlace(sys);
  const driverVersion = await readText(`${sys}/module/amdgpu/version`);
  for (const card of cards) {
    const reading = await readCard(card, processes.get(card.place) ?? []);
    if (reading !== undefined) readings.push({ ...reading, driverVersion });
  }
  return readings;
}

async function readCard({ folder, place }: Card, processes: readonly GpuProcess[]): Promise<GpuReading | undefined> {
  const device = `${folder}/device`;
  const totalBytes = await readNumber(`${device}/mem_info_vram_total`);
  if (totalBytes === undefined) return undefined;
  const uniqueId = await readText(`${device}/unique_id`);
  const sensors = await sensorsOf(folder);
  const errors = (await readText(`${device}/ras/umc_err_count`)) ?? '';
  return {
    // As ROCm writes it.
    id: uniqueId === undefined || uniqueId === '' ? place : `GPU-${uniqueId}`,
    name: (await readText(`${device}/product_name`)) || `AMD ${(await readText(`${device}/device`)) ?? place}`,
    vendor: 'amd',
    totalBytes,
    usedBytes: await readNumber(`${device}/mem_info_vram_used`),
    utilization: shareOf(await readNumber(`${device}/gpu_busy_percent`)),
    powerWatts: sensors.powerWatts,
    celsius: sensors.celsius.get('edge') ?? sensors.celsius.get('junction'),
    memoryCelsius: sensors.celsius.get('mem'),
    uncorrectedErrors: errorsIn(errors, 'ue'),
    correctedErrors: errorsIn(errors, 'ce'),
    processes,
  };
}

function errorsIn(text: string, kind: 'ue' | 'ce'): number | undefined {
  const digits = new RegExp(`^${kind}:\\s*(\\d{1,15})`, 'm').exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Memory of processes that compute, by the place of the card on the bus. */
async function processesByPlace(sys: string): Promise<Map<string, GpuProcess[]>> {
  const kfd = `${sys}/class/kfd/kfd`;
  const places = new Map<string, string>();
  for (const node of namesIn(`${kfd}/topology/nodes`, /^\d{1,4}$/)) {
    const gpu = await readText(`${kfd}/topology/nodes/${node}/gpu_id`);
    const properties = (await readText(`${kfd}/topology/nodes/${node}/properties`)) ?? '';
    const place = placeIn(properties);
    // Processors are nodes too, with the id 0.
    if (gpu !== undefined && gpu !== '0' && place !== undefined) places.set(gpu, place);
  }
  const processes = new Map<string, GpuProcess[]>();
  for (const pid of namesIn(`${kfd}/proc`, /^\d{1,10}$/).slice(0, MAX_PROCESSES))
    for (const [gpu, place] of places) {
      const usedBytes = await readNumber(`${kfd}/proc/${pid}/vram_${gpu}`);
      if (usedBytes === undefined || usedBytes === 0) continue;
      const known = processes.get(place) ?? [];
      known.push({ pid: Number(pid), usedBytes });
      processes.set(place, known);
    }
  return processes;
}

/** `location_id 768`, `domain 0`: bus, device and function as the kernel packs them. */
function placeIn(properties: string): string | undefined {
  const numberOf = (name: string): number | undefined => {
    const digits = new RegExp(`^${name}\\s+(\\d{1,10})$`, 'm').exec(properties)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const location = numberOf('location_id');
  if (location === undefined) return undefined;
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
  return `${hex(numberOf('domain') ?? 0, 4)}:${hex((location >> 8) & 0xff, 2)}:${hex((location >> 3) & 0x1f, 2)}.${location & 7}`;
}

const SHOWN = [
  '--showuniqueid',
  '--showproductname',
  '--showmeminfo',
  'vram',
  '--showuse',
  '--showpower',
  '--showtemp',
  '--showdriverversion',
  '--json',
];

/** undefined where rocm-smi is not there, fails, or takes longer than the deadline. */
export async function readRocm(spawn: Spawn, deadlineMs: number): Promise<GpuReading[] | undefined> {
  const ask = (args: readonly string[]): Promise<string | undefined> => runCommand({ command: 'rocm-smi', args, spawn, deadlineMs });
  const cards = await ask(SHOWN);
  return cards === undefined ? undefined : parseRocm(cards, (await ask(['--showpids', '--json'])) ?? '');
}

/** Warnings may stand before the JSON. Which card a process uses is told by no version: it is known where there is one. */
export function parseRocm(cardsText: string, pidsText: string): GpuReading[] | undefined {
  const cards = objectIn(cardsText);
  if (cards === undefined) return undefined;
  const driverVersion = fieldOf(cards['system'], /^driver version$/i);
  const readings = Object.entries(cards).flatMap(([card, fields]): GpuReading[] => {
    if (!/^card\d+$/.test(card)) return [];
    const uniqueId = fieldOf(fields, /^unique id$/i)?.replace(/^0x/i, '');
    const number = (name: RegExp): number | undefined => numberIn(fieldOf(fields, name));
    return [
      {
        id: uniqueId === undefined || uniqueId === 'N/A' ? card : `GPU-${uniqueId}`,
        name: fieldOf(fields, /^card series$/i) ?? 'AMD',
        vendor: 'amd',
        driverVersion,
        totalBytes: number(/^vram total memory \(b\)$/i),
        usedBytes: number(/^vram total used memory \(b\)$/i),
        utilization: shareOf(number(/^gpu use \(%\)$/i)),
        powerWatts: number(/graphics package power \(w\)$/i),
        celsius: number(/^temperature \(sensor (?:edge|junction)\) \(c\)$/i),
        memoryCelsius: number(/^temperature \(sensor memory\) \(c\)$/i),
        processes: [],
      },
    ];
  });
  const [only, ...others] = readings;
  return only === undefined || others.length > 0 ? readings : [{ ...only, processes: rocmProcesses(pidsText) }];
}

/** `"PID4711": "python3, 1, 1073741824, 0, 0"`: name, cards, bytes of memory. */
function rocmProcesses(text: string): GpuProcess[] {
  const system = objectIn(text)?.['system'];
  if (typeof system !== 'object' || system === null) return [];
  return Object.entries(system).flatMap(([key, value]) => {
    const pid = /^PID(\d{1,10})$/.exec(key)?.[1];
    const usedBytes = typeof value === 'string' ? numberIn(value.split(',').at(-3)?.trim()) : undefined;
    return pid === undefined || usedBytes === undefined || usedBytes === 0 ? [] : [{ pid: Number(pid), usedBytes }];
  });
}

function fieldOf(fields: unknown, name: RegExp): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  const found = Object.entries(fields).find(([key]) => name.test(key))?.[1] as unknown;
  return typeof found === 'string' || typeof found === 'number' ? String(found).slice(0, 256) : undefined;
}

/** `35.0`, `35,0` where the locale writes so; `N/A` is none. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}(?:[.,]\d{1,6})?$/.test(text) ? amount(Number(text.replace(',', '.'))) : undefined;
}
