/** Intel: the files of i915 and xe where they tell of memory, else xpu-smi. */
import { runCommand } from './command.ts';
import { amount, BYTES_PER_MIB, objectIn, shareOf, type GpuProcess, type GpuReading, type Spawn } from './reading.ts';
import { cardsOf, readNumber, readText, sensorsOf } from './sysfs.ts';

const INTEL = '0x8086';

/**
 * Cards with memory of their own, as i915 for data centres tells it; a card that shares the machine's memory has none. Power is the energy
 * since the look before. @param sys Default: `/sys`.
 */
export function intelReader(sys: string, now: () => number): () => Promise<GpuReading[]> {
  const before = new Map<string, { joules: number; at: number }>();
  return async () => {
    const readings: GpuReading[] = [];
    for (const { folder, place } of await cardsOf(INTEL, sys)) {
      const totalBytes = await readNumber(`${folder}/lmem_total_bytes`);
      if (totalBytes === undefined) continue;
      const free = await readNumber(`${folder}/lmem_avail_bytes`);
      const { celsius, energyJoules, powerWatts } = await sensorsOf(folder);
      const [last, at] = [before.get(place), now()];
      if (energyJoules !== undefined) before.set(place, { joules: energyJoules, at });
      const isLater = last !== undefined && energyJoules !== undefined && at > last.at && energyJoules >= last.joules;
      readings.push({
        id: place,
        name: `Intel ${(await readText(`${folder}/device/device`)) ?? place}`,
        vendor: 'intel',
        totalBytes,
        usedBytes: free === undefined || free > totalBytes ? undefined : totalBytes - free,
        powerWatts: powerWatts ?? (isLater ? ((energyJoules - last.joules) * 1_000) / (at - last.at) : undefined),
        celsius: celsius.get('pkg') ?? celsius.get('package'),
        memoryCelsius: celsius.get('vram'),
        processes: [],
      });
    }
    return readings;
  };
}

/** undefined where xpu-smi is not there, fails, or takes longer than the deadline. */
export async function readXpu(spawn: Spawn, deadlineMs: number): Promise<GpuReading[] | undefined> {
  const ask = (...args: string[]): Promise<string | undefined> =>
    runCommand({ command: 'xpu-smi', args: [...args, '-j'], spawn, deadlineMs });
  const devices = listOf(objectIn((await ask('discovery')) ?? '')?.['device_list']);
  if (devices === undefined) return undefined;
  const processes = listOf(objectIn((await ask('ps')) ?? '')?.['device_util_by_proc_list']) ?? [];
  const readings: GpuReading[] = [];
  for (const device of devices.slice(0, 64)) {
    const id = device['device_id'];
    if (typeof id !== 'number') continue;
    const details = objectIn((await ask('discovery', '-d', String(id))) ?? '');
    readings.push(
      xpuReading({ ...device, ...details }, objectIn((await ask('stats', '-d', String(id))) ?? ''), processesOf(processes, id)),
    );
  }
  return readings;
}

/** @param device What `discovery` says. @param stats What `stats` says of the same device. */
export function xpuReading(
  device: Readonly<Record<string, unknown>>,
  stats: Readonly<Record<string, unknown>> | undefined,
  processes: readonly GpuProcess[],
): GpuReading {
  const text = (name: string): string | undefined => {
    const value = device[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, 256) : undefined;
  };
  const valueOf = (name: string, add: boolean): number | undefined => metricOf(stats, `XPUM_STATS_${name}`, add);
  const used = valueOf('MEMORY_USED', true);
  const total = Number(device['memory_physical_size_byte']);
  return {
    id: text('uuid') ?? text('pci_bdf_address') ?? `intel-${String(device['device_id'])}`,
    name: text('device_name') ?? 'Intel',
    vendor: 'intel',
    driverVersion: text('driver_version'),
    totalBytes: total > 0 ? total : undefined,
    usedBytes: used === undefined ? undefined : Math.round(used * BYTES_PER_MIB),
    utilization: shareOf(valueOf('GPU_UTILIZATION', false)),
    powerWatts: valueOf('POWER', true),
    celsius: valueOf('GPU_CORE_TEMPERATURE', false),
    memoryCelsius: valueOf('MEMORY_TEMPERATURE', false),
    processes,
  };
}

/** Of the device; else of its tiles, added up or the highest. */
function metricOf(stats: Readonly<Record<string, unknown>> | undefined, name: string, add: boolean): number | undefined {
  const valuesIn = (list: unknown): number[] =>
    (listOf(list) ?? []).flatMap(({ metrics_type: type, value }) => (type === name ? (amount(value) ?? []) : []));
  const [own] = valuesIn(stats?.['device_level']);
  if (own !== undefined) return own;
  const tiles = (listOf(stats?.['tile_level']) ?? []).flatMap(({ data_list: list }) => valuesIn(list));
  if (tiles.length === 0) return undefined;
  return add ? tiles.reduce((sum, value) => sum + value, 0) : Math.max(...tiles);
}

/** Sizes are in kB. */
function processesOf(all: readonly Record<string, unknown>[], device: number): GpuProcess[] {
  return all.flatMap(({ device_id: id, process_id: pid, mem_size: size }) => {
    const kilobytes = amount(size);
    return id === device && typeof pid === 'number' && kilobytes !== undefined && kilobytes > 0
      ? [{ pid, usedBytes: kilobytes * 1_000 }]
      : [];
  });
}

function listOf(value: unknown): Record<string, unknown>[] | undefined {
  return Array.isArray(value)
    ? value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
    : undefined;
}
