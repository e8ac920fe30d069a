/** Apple's GPUs, and those of Windows without a driver of NVIDIA: by the package systeminformation, in a process of its own. */
import { runCommand } from './command.ts';
import { amount, BYTES_PER_MIB, objectIn, shareOf, type GpuReading, type Spawn } from './reading.ts';

/** Of the environment, what Node and the tools of the system need, and nothing of the app's. */
const PASSED = [
  'PATH',
  'SystemRoot',
  'SystemDrive',
  'windir',
  'PROCESSOR_ARCHITECTURE',
  'TEMP',
  'TMP',
  'HOME',
  'USERPROFILE',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
];

export interface SystemOptions {
  /** `dist/system-gpus.cjs` */
  readonly program: string;
  readonly node: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly spawn: Spawn;
  readonly deadlineMs: number;
}

/** undefined where it fails or takes longer than the deadline. */
export async function readSystem({ program, node, environment, spawn, deadlineMs }: SystemOptions): Promise<GpuReading[] | undefined> {
  const env = { ...Object.fromEntries(PASSED.map((name) => [name, environment[name]])), LC_ALL: 'C', SWARMSCOPE_DISABLED: 'true' };
  const text = await runCommand({ command: node, args: [program], spawn, deadlineMs, env });
  return text === undefined ? undefined : parseSystem(text);
}

/** Cards that it tells an amount of memory or a load of; amounts are in MiB. */
export function parseSystem(text: string): GpuReading[] | undefined {
  const controllers = objectIn(text)?.['controllers'];
  if (!Array.isArray(controllers)) return undefined;
  return controllers.slice(0, 64).flatMap((controller: unknown, index): GpuReading[] => {
    if (typeof controller !== 'object' || controller === null) return [];
    const fields = controller as Record<string, unknown>;
    const word = (name: string): string => {
      const value = fields[name];
      return typeof value === 'string' ? value.trim().slice(0, 256) : '';
    };
    const mebibytes = (name: string): number | undefined => {
      const value = amount(fields[name]);
      return value === undefined || value === 0 ? undefined : value * BYTES_PER_MIB;
    };
    // Of a card that shares the machine's memory, `vram` is what is lent to it at the moment.
    const totalBytes = mebibytes('memoryTotal') ?? (fields['vramDynamic'] === true ? undefined : mebibytes('vram'));
    const reading = {
      id: word('pciBus') || word('busAddress') || `gpu-${index}`,
      name: word('model') || word('name'),
      vendor:
        word('vendor')
          .toLowerCase()
          .split(/[\s(,]/)[0] ?? '',
      driverVersion: word('driverVersion') || undefined,
      totalBytes,
      usedBytes: amount(fields['memoryUsed']) === undefined ? undefined : Math.round((fields['memoryUsed'] as number) * BYTES_PER_MIB),
      utilization: shareOf(amount(fields['utilizationGpu'])),
      powerWatts: amount(fields['powerDraw']),
      celsius: amount(fields['temperatureGpu']),
      processes: [],
    };
    const { usedBytes, utilization, powerWatts, celsius } = reading;
    return [totalBytes, usedBytes, utilization, powerWatts, celsius].every((value) => value === undefined) ? [] : [reading];
  });
}
