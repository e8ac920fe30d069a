/** Reads what `nvidia-smi -q -x` prints: one document after the other, schemas 10 to 13; pure. */
import { amount, BYTES_PER_MIB, MAX_PROCESSES, shareOf, type GpuProcess, type GpuReading } from './reading.ts';

const END = '</nvidia_smi_log>';
/** Eight GPUs with all their supported clocks print a megabyte; protects from output without an end. */
const MAX_CHARACTERS = 8_388_608;
/** An error message has one line; more without a newline is none. */
const MAX_LINE_CHARACTERS = 4_096;

/** A slice whose UUID the document does not tell: older drivers leave it out, `nvidia-smi -L` has it. */
export interface UnnamedSlice {
  readonly gpu: string;
  /** As `nvidia-smi -L` numbers the slices of a GPU. */
  readonly index: number;
  /** Of its instances, as processes name them. */
  readonly instances: string;
}

export interface NvidiaDocument {
  readonly gpus: readonly GpuReading[];
  readonly unnamed: readonly UnnamedSlice[];
}

/** UUIDs of slices by {@link sliceKey}. */
export type SliceIds = ReadonlyMap<string, string>;

export const sliceKey = (gpu: string, index: number): string => `${gpu} ${index}`;

/**
 * The GPUs of one document, each slice after its GPU. `ids` names slices that the document does not name; a slice without a
 * name is left out, and listed as unnamed. undefined where the text is no such document.
 */
export function parseNvidia(text: string, ids: SliceIds): NvidiaDocument | undefined {
  if (!text.includes('<nvidia_smi_log>') || !text.includes(END)) return undefined;
  const driverVersion = word(inside(text, 'driver_version'));
  const unnamed: UnnamedSlice[] = [];
  const gpus = parts(text, '<gpu id=', '</gpu>').flatMap((gpu) => {
    const id = word(inside(gpu, 'uuid', gpu.indexOf('</mig_devices>')));
    return id === undefined ? [] : readGpu({ gpu, id, driverVersion, ids, unnamed });
  });
  return { gpus, unnamed };
}

interface OneGpu {
  readonly gpu: string;
  readonly id: string;
  readonly driverVersion: string | undefined;
  readonly ids: SliceIds;
  readonly unnamed: UnnamedSlice[];
}

function readGpu({ gpu, id, driverVersion, ids, unnamed }: OneGpu): GpuReading[] {
  const slices = inside(gpu, 'mig_devices') ?? '';
  // What stands inside of a slice has the same names as what stands in the GPU.
  const own = gpu.slice(Math.max(0, gpu.indexOf('</mig_devices>')));
  const name = word(inside(gpu, 'product_name')) ?? '';
  const common = { vendor: 'nvidia', driverVersion };
  const processes = processesIn(inside(own, 'processes') ?? '');
  const busy = inside(own, 'utilization') ?? '';
  const heat = inside(own, 'temperature') ?? '';
  const whole: GpuReading = {
    ...common,
    ...memoryIn(own),
    id,
    name,
    utilization: shareOf(number(inside(busy, 'gpu_util'))),
    encoderUtilization: shareOf(number(inside(busy, 'encoder_util'))),
    decoderUtilization: shareOf(number(inside(busy, 'decoder_util'))),
    powerWatts: powerIn(own),
    celsius: number(inside(heat, 'gpu_temp')),
    memoryCelsius: number(inside(heat, 'memory_temp')),
    ...errorsIn(inside(inside(own, 'ecc_errors') ?? '', 'volatile') ?? ''),
    processes: processes.flatMap(({ instances, ...process }) => (instances === undefined ? [process] : [])),
  };
  const found: GpuReading[] = [whole];
  for (const slice of parts(slices, '<mig_device>', '</mig_device>')) {
    const index = number(inside(slice, 'index'));
    if (index === undefined) continue;
    const instances = instancesIn(slice);
    const sliceId = word(inside(slice, 'uuid')) ?? ids.get(sliceKey(id, index));
    if (sliceId === undefined) unnamed.push({ gpu: id, index, instances: instances ?? '' });
    else {
      found.push({
        ...common,
        ...memoryIn(slice),
        id: sliceId,
        name,
        parent: id,
        ...errorsIn(inside(inside(slice, 'ecc_error_count') ?? '', 'volatile_count') ?? ''),
        processes: processes.flatMap(({ instances: place, ...process }) => (place === instances && place !== undefined ? [process] : [])),
      });
    }
  }
  return found;
}

function memoryIn(text: string): Pick<GpuReading, 'usedBytes' | 'totalBytes'> {
  const memory = inside(text, 'fb_memory_usage') ?? '';
  return { usedBytes: bytes(inside(memory, 'used')), totalBytes: bytes(inside(memory, 'total')) };
}

/** Of the GPU alone: the module's has its neighbours in it. Newest drivers tell two, older ones one, oldest ones elsewhere. */
function powerIn(gpu: string): number | undefined {
  const readings = inside(gpu, 'gpu_power_readings') ?? inside(gpu, 'power_readings') ?? '';
  return (
    number(inside(readings, 'instant_power_draw')) ??
    number(inside(readings, 'power_draw')) ??
    number(inside(readings, 'average_power_draw'))
  );
}

/** Counters of a block of ECC: schemas differ in how they divide them up, and each leaves out what the card lacks. */
function errorsIn(block: string): Pick<GpuReading, 'correctedErrors' | 'uncorrectedErrors'> {
  let [corrected, uncorrected]: (number | undefined)[] = [];
  for (const [, name = '', value] of block.matchAll(/<((?:sram|dram)_\w+)>([^<]*)</g)) {
    const errors = number(value);
    if (errors === undefined) continue;
    if (name.includes('uncorrectable')) uncorrected = (uncorrected ?? 0) + errors;
    else if (name.includes('correctable')) corrected = (corrected ?? 0) + errors;
  }
  return {
    correctedErrors: corrected ?? legacyErrors(block, 'single_bit'),
    uncorrectedErrors: uncorrected ?? legacyErrors(block, 'double_bit'),
  };
}

/** Cards before Turing. */
function legacyErrors(block: string, kind: 'single_bit' | 'double_bit'): number | undefined {
  return number(inside(inside(block, kind) ?? '', 'total'));
}

function processesIn(block: string): (GpuProcess & { readonly instances: string | undefined })[] {
  const largest = new Map<string, GpuProcess & { readonly instances: string | undefined }>();
  for (const text of parts(block, '<process_info>', '</process_info>').slice(0, MAX_PROCESSES)) {
    const pid = number(inside(text, 'pid'));
    const usedBytes = bytes(inside(text, 'used_memory'));
    // Without a number where the driver may not tell it: Windows, WSL, other containers.
    if (pid === undefined || pid === 0 || usedBytes === undefined) continue;
    const instances = instancesIn(text);
    // One that computes and draws may be listed twice, with the same memory.
    const key = `${pid} ${instances ?? ''}`;
    if ((largest.get(key)?.usedBytes ?? -1) < usedBytes) largest.set(key, { pid, usedBytes, instances });
  }
  return [...largest.values()];
}

/** undefined: not of a slice. */
function instancesIn(text: string): string | undefined {
  const gpuInstance = number(inside(text, 'gpu_instance_id'));
  return gpuInstance === undefined ? undefined : `${gpuInstance}/${number(inside(text, 'compute_instance_id')) ?? 0}`;
}

/** Texts between the first `open` and the next `close`, over and over. */
function parts(text: string, open: string, close: string): string[] {
  const found: string[] = [];
  for (let start = text.indexOf(open); start >= 0;) {
    const end = text.indexOf(close, start);
    if (end < 0) break;
    found.push(text.slice(start + open.length, end));
    start = text.indexOf(open, end);
  }
  return found;
}

function inside(text: string, name: string, from = 0): string | undefined {
  const start = text.indexOf(`<${name}>`, Math.max(0, from));
  if (start < 0) return undefined;
  const begin = start + name.length + 2;
  const end = text.indexOf(`</${name}>`, begin);
  return end < 0 ? undefined : text.slice(begin, end);
}

function word(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' || trimmed === 'N/A' || trimmed.startsWith('[') ? undefined : trimmed.slice(0, 256);
}

/** `65720 MiB`, `3.99 W`, `3,99 W` where the locale writes so. `N/A`, `[N/A]`, `Unknown Error`, `-5 C` are no amounts. */
function number(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,15}(?:[.,]\d{1,6})?)(?:\s*[A-Za-z%][\w/%]*)?\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : amount(Number(digits.replace(',', '.')));
}

function bytes(text: string | undefined): number | undefined {
  const mebibytes = number(text);
  return mebibytes === undefined ? undefined : Math.round(mebibytes * BYTES_PER_MIB);
}

/** UUIDs of the slices in what `nvidia-smi -L` prints. @example `  MIG 1g.5gb     Device  0: (UUID: MIG-…)` */
export function parseSlices(text: string): Map<string, string> {
  const ids = new Map<string, string>();
  let gpu = '';
  for (const line of text.split('\n')) {
    const id = /\(UUID:\s*([^)\s]{1,128})\)/.exec(line)?.[1];
    if (id === undefined) continue;
    const index = /^\s+MIG\b.*\bDevice\s+(\d{1,4}):/.exec(line)?.[1];
    if (index === undefined) gpu = id;
    else ids.set(sliceKey(gpu, Number(index)), id);
  }
  return ids;
}

/** Consumes chunks of output in any cut; calls back with each whole document, and for each line between them and each that is too long. */
export function documentReader(onDocument: (text: string) => void, onBad: () => void): (chunk: string) => void {
  let rest = '';
  let isTooLong = false;
  /** Of `rest`, without an end of a document. */
  let searched = 0;
  const hasMessage = (): boolean => {
    rest = rest.trimStart();
    if (rest === '' || rest.startsWith('<')) return false;
    const line = rest.indexOf('\n');
    if (line < 0) rest = rest.slice(0, MAX_LINE_CHARACTERS);
    else rest = rest.slice(line + 1);
    if (line >= 0) onBad();
    return line >= 0;
  };
  return (chunk) => {
    rest += chunk;
    for (;;) {
      if (!isTooLong && searched === 0) while (hasMessage());
      if (!isTooLong && !rest.startsWith('<')) return;
      const end = rest.indexOf(END, searched);
      if (end < 0) {
        isTooLong ||= rest.length > MAX_CHARACTERS + END.length;
        if (isTooLong) rest = rest.slice(-END.length);
        searched = Math.max(0, rest.length - END.length);
        return;
      }
      if (isTooLong || end > MAX_CHARACTERS) onBad();
      else onDocument(rest.slice(0, end + END.length));
      rest = rest.slice(end + END.length);
      [isTooLong, searched] = [false, 0];
    }
  };
}
