/** Which drivers of GPUs this machine has, by a look at files alone: asked in every root, so that one without a GPU pays nothing more. */

/** The values of `SWARMSCOPE_GPU`. */
export const GPU_CHOICES = ['auto', 'off', 'nvidia', 'amd', 'intel', 'system'] as const;
export type GpuChoice = (typeof GPU_CHOICES)[number];

export interface GpuDriver {
  /** `system`: by the package systeminformation. */
  readonly vendor: Exclude<GpuChoice, 'auto' | 'off'>;
  /** The program that goes with the driver. */
  readonly command?: string;
}

interface Row extends GpuDriver {
  /** Is there where the driver is. */
  readonly file: string;
}

/** The best first. The second row is WSL. */
const LINUX: readonly Row[] = [
  { vendor: 'nvidia', file: '/dev/nvidiactl', command: 'nvidia-smi' },
  { vendor: 'nvidia', file: '/dev/dxg', command: '/usr/lib/wsl/lib/nvidia-smi' },
  { vendor: 'amd', file: '/sys/module/amdgpu' },
  { vendor: 'intel', file: '/sys/module/xe' },
  { vendor: 'intel', file: '/sys/module/i915' },
];
const WINDOWS: readonly Row[] = [
  { vendor: 'nvidia', file: 'C:\\Windows\\System32\\nvidia-smi.exe', command: 'C:\\Windows\\System32\\nvidia-smi.exe' },
];

/** None: no GPU can be read here. `choice` names one that is there although its file is not seen, as in some containers. */
export function gpuDrivers(choice: GpuChoice, exists: (path: string) => boolean, platform: string): GpuDriver[] {
  if (choice === 'off') return [];
  if (choice === 'nvidia') return [{ vendor: 'nvidia', command: 'nvidia-smi' }];
  if (choice !== 'auto') return [{ vendor: choice }];
  const rows = platform === 'win32' ? WINDOWS : platform === 'linux' ? LINUX : [];
  const found = rows.filter(({ file }) => exists(file));
  const drivers = rows.flatMap(({ vendor }) => found.find((row) => row.vendor === vendor) ?? []);
  const first = [...new Set(drivers)].map(({ vendor, command }) => ({ vendor, ...(command === undefined ? {} : { command }) }));
  // Nothing better is there: Apple's GPUs, and Windows without a driver of NVIDIA.
  const isAlone = first.length === 0 && (platform === 'darwin' || platform === 'win32');
  return isAlone ? [{ vendor: 'system' }] : first;
}
