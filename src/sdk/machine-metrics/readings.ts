/** Our own readings: what OpenTelemetry's packages do not measure, or only by starting child processes. */
import { cpus, loadavg, totalmem, uptime } from 'node:os';
import * as semconv from '../../semconv/index.ts';
import { countProcesses, readDisks, readField, readInterfaces, type Files } from '../../machine/proc.ts';
import type { View } from './views.ts';

export type Tell = (spec: semconv.MetricSpec, value: number | undefined, attributes?: Readonly<Record<string, string>>) => void;

/** One look at one source; where it throws, its numbers are absent. */
interface Reading {
  readonly views: readonly View[];
  readonly read: (tell: Tell, files: Files) => void;
}

/**
 * Sampling period of the loop's lateness: 10 ms, the default, costs 0.8 % of a core, 50 ms a seventh of it.
 * Node's numbers include this pause: an idle loop must read 0.
 */
export const DELAY_RESOLUTION_MS = 50;
const KIB = 1_024;
const counted = (spec: semconv.MetricSpec): View => ({ spec, isSinceFirst: true });
const plain = (spec: semconv.MetricSpec): View => ({ spec });
const way = (direction: string): Record<string, string> => ({ [semconv.ATTR_NETWORK_IO_DIRECTION]: direction });

const machine: Reading = {
  views: [
    semconv.METRIC_SYSTEM_CPU_LOGICAL_COUNT,
    semconv.METRIC_SYSTEM_MEMORY_LIMIT,
    semconv.METRIC_SYSTEM_UPTIME,
    semconv.METRIC_SWARMSCOPE_HOST_LOAD,
  ].map(plain),
  read(tell) {
    tell(semconv.METRIC_SYSTEM_CPU_LOGICAL_COUNT, cpus().length);
    tell(semconv.METRIC_SYSTEM_MEMORY_LIMIT, totalmem());
    tell(semconv.METRIC_SYSTEM_UPTIME, uptime());
    // Windows has none and says 0.
    if (process.platform !== 'win32') tell(semconv.METRIC_SWARMSCOPE_HOST_LOAD, loadavg()[0]);
  },
};

const network: Reading = {
  views: [semconv.METRIC_SYSTEM_NETWORK_IO, semconv.METRIC_SYSTEM_NETWORK_PACKET_DROPPED].map(counted),
  read(tell, files) {
    for (const { name, received, sent } of readInterfaces(files.read('/proc/net/dev'))) {
      const interfaceName = { [semconv.ATTR_NETWORK_INTERFACE_NAME]: name };
      const receive = { ...way(semconv.NETWORK_IO_DIRECTION_VALUE_RECEIVE), ...interfaceName };
      const transmit = { ...way(semconv.NETWORK_IO_DIRECTION_VALUE_TRANSMIT), ...interfaceName };
      tell(semconv.METRIC_SYSTEM_NETWORK_IO, received.bytes, receive);
      tell(semconv.METRIC_SYSTEM_NETWORK_IO, sent.bytes, transmit);
      tell(semconv.METRIC_SYSTEM_NETWORK_PACKET_DROPPED, received.dropped, receive);
      tell(semconv.METRIC_SYSTEM_NETWORK_PACKET_DROPPED, sent.dropped, transmit);
    }
  },
};

const disk: Reading = {
  views: [counted(semconv.METRIC_SYSTEM_DISK_IO)],
  read(tell, files) {
    for (const { name, readBytes, writtenBytes } of readDisks(files.read('/proc/diskstats'))) {
      const device = { [semconv.ATTR_SYSTEM_DEVICE_NAME]: name };
      tell(semconv.METRIC_SYSTEM_DISK_IO, readBytes, { ...device, [semconv.ATTR_DISK_IO_DIRECTION]: semconv.DISK_IO_DIRECTION_VALUE_READ });
      tell(semconv.METRIC_SYSTEM_DISK_IO, writtenBytes, {
        ...device,
        [semconv.ATTR_DISK_IO_DIRECTION]: semconv.DISK_IO_DIRECTION_VALUE_WRITE,
      });
    }
  },
};

const processes: Reading = {
  views: [plain(semconv.METRIC_SYSTEM_PROCESS_COUNT)],
  read: (tell, files) => tell(semconv.METRIC_SYSTEM_PROCESS_COUNT, countProcesses(files.list('/proc'))),
};

const ownProcess: Reading = {
  views: [
    semconv.METRIC_PROCESS_UPTIME,
    semconv.METRIC_PROCESS_MEMORY_UTILIZATION,
    semconv.METRIC_PROCESS_CONTEXT_SWITCHES,
    semconv.METRIC_PROCESS_PAGING_FAULTS,
  ].map(plain),
  read(tell) {
    const { voluntaryContextSwitches, involuntaryContextSwitches, minorPageFault, majorPageFault } = process.resourceUsage();
    const kind = (value: string): Record<string, string> => ({ [semconv.ATTR_PROCESS_CONTEXT_SWITCH_TYPE]: value });
    tell(semconv.METRIC_PROCESS_UPTIME, process.uptime());
    tell(semconv.METRIC_PROCESS_MEMORY_UTILIZATION, process.memoryUsage.rss() / totalmem());
    tell(semconv.METRIC_PROCESS_CONTEXT_SWITCHES, voluntaryContextSwitches, kind(semconv.PROCESS_CONTEXT_SWITCH_TYPE_VALUE_VOLUNTARY));
    tell(semconv.METRIC_PROCESS_CONTEXT_SWITCHES, involuntaryContextSwitches, kind(semconv.PROCESS_CONTEXT_SWITCH_TYPE_VALUE_INVOLUNTARY));
    tell(semconv.METRIC_PROCESS_PAGING_FAULTS, minorPageFault + majorPageFault);
  },
};

const status: Reading = {
  views: [semconv.METRIC_PROCESS_MEMORY_VIRTUAL, semconv.METRIC_PROCESS_THREAD_COUNT].map(plain),
  read(tell, files) {
    const text = files.read('/proc/self/status');
    const virtualKib = readField(text, 'VmSize');
    tell(semconv.METRIC_PROCESS_MEMORY_VIRTUAL, virtualKib === undefined ? undefined : virtualKib * KIB);
    tell(semconv.METRIC_PROCESS_THREAD_COUNT, readField(text, 'Threads'));
  },
};

const descriptors: Reading = {
  views: [plain(semconv.METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT)],
  // One of them is the listing itself.
  read: (tell, files) => tell(semconv.METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT, files.list('/proc/self/fd').length - 1),
};

const io: Reading = {
  views: [plain(semconv.METRIC_PROCESS_DISK_IO)],
  read(tell, files) {
    const text = files.read('/proc/self/io');
    tell(semconv.METRIC_PROCESS_DISK_IO, readField(text, 'read_bytes'), {
      [semconv.ATTR_DISK_IO_DIRECTION]: semconv.DISK_IO_DIRECTION_VALUE_READ,
    });
    tell(semconv.METRIC_PROCESS_DISK_IO, readField(text, 'write_bytes'), {
      [semconv.ATTR_DISK_IO_DIRECTION]: semconv.DISK_IO_DIRECTION_VALUE_WRITE,
    });
  },
};

export const readings: readonly Reading[] = [machine, network, disk, processes, ownProcess, status, descriptors, io];

/** For the packages: what each name is in the registry. */
export const packageViews: readonly View[] = [
  { spec: semconv.METRIC_SYSTEM_CPU_TIME, reduce: 'sum', isSinceFirst: true },
  { spec: semconv.METRIC_SYSTEM_CPU_UTILIZATION, reduce: 'mean' },
  ...[
    semconv.METRIC_SYSTEM_MEMORY_USAGE,
    semconv.METRIC_SYSTEM_MEMORY_UTILIZATION,
    semconv.METRIC_PROCESS_CPU_TIME,
    semconv.METRIC_PROCESS_CPU_UTILIZATION,
    semconv.METRIC_PROCESS_MEMORY_USAGE,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV,
    semconv.METRIC_NODEJS_EVENTLOOP_UTILIZATION,
    semconv.METRIC_NODEJS_EVENTLOOP_TIME,
    semconv.METRIC_V8JS_GC_DURATION,
    semconv.METRIC_V8JS_MEMORY_HEAP_USED,
    semconv.METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE,
    semconv.METRIC_V8JS_MEMORY_HEAP_SPACE_AVAILABLE_SIZE,
    semconv.METRIC_V8JS_MEMORY_HEAP_SPACE_PHYSICAL_SIZE,
    semconv.METRIC_V8JS_RESOURCE_ACTIVE,
  ].map(plain),
  ...[
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_MIN,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_MAX,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_MEAN,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_P50,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_P90,
    semconv.METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  ].map((spec) => ({ spec, less: DELAY_RESOLUTION_MS / 1_000 })),
];
