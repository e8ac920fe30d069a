/** Reads what `nvidia-smi --query-gpu` prints: pure, line by line. */

/** In this order on the command line and in each line. */
export const QUERY = ['index', 'uuid', 'name', 'driver_version', 'memory.used', 'memory.total', 'utilization.gpu'] as const;

const BYTES_PER_MIB = 1_048_576;
/** A line is about 120 characters; more without a newline is no output of nvidia-smi. */
const MAX_LINE_CHARACTERS = 4_096;

/** One GPU at one moment. What the driver does not tell ([N/A], as for utilisation under MIG) is undefined, never 0. */
export interface GpuReading {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly driverVersion: string | undefined;
  readonly usedBytes: number | undefined;
  readonly totalBytes: number | undefined;
  /** 0 to 1. */
  readonly utilization: number | undefined;
}

export function queryArguments(intervalMs: number): string[] {
  return [`--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits', '-lms', String(intervalMs)];
}

/** The reading in one line, or undefined when it is none: an error message, a line cut off. */
export function parseGpuLine(line: string): GpuReading | undefined {
  const fields = line.split(',').map((field) => field.trim());
  const [index = '', uuid = ''] = fields;
  if (fields.length < QUERY.length || !/^\d{1,6}$/.test(index) || !/^(GPU|MIG)-\S+$/.test(uuid)) return undefined;
  const [driver, used, total, busy] = fields.slice(-4);
  const utilization = amount(busy);
  return {
    index: Number(index),
    uuid,
    // A product name may hold a comma.
    name: fields.slice(2, -4).join(', '),
    driverVersion: driver === undefined || driver.startsWith('[') || driver === '' ? undefined : driver,
    usedBytes: bytes(used),
    totalBytes: bytes(total),
    utilization: utilization === undefined || utilization > 100 ? undefined : utilization / 100,
  };
}

/** Consumes chunks of output in any cut; calls back for each whole line. */
export function gpuLineReader(onReading: (reading: GpuReading) => void, onBad: () => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    // One character more than the bound tells that the line is too long, however much of it comes later.
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS + 1);
    for (const line of lines) {
      if (line.trim() === '' && line.length <= MAX_LINE_CHARACTERS) continue;
      const reading = line.length > MAX_LINE_CHARACTERS ? undefined : parseGpuLine(line);
      if (reading === undefined) onBad();
      else onReading(reading);
    }
  };
}

function bytes(field: string | undefined): number | undefined {
  const mebibytes = amount(field);
  return mebibytes === undefined ? undefined : Math.round(mebibytes * BYTES_PER_MIB);
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]` are no amounts. */
function amount(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(field) ? Number(field) : undefined;
}
