/** For whom the processes on a GPU work: told by the environment that they were started with. */
import { basename } from 'node:path/posix';
import { pairs } from '../../config/settings/parsers.ts';
import { linuxProcesses, type ProcessTable } from '../process-table.ts';
import type { GpuReading } from './reading.ts';

/** Memory of one GPU that processes of this run hold, which were started for the same worker, kind of task and agent. */
export interface GpuUse {
  readonly gpu: string;
  /** Name of the program. */
  readonly program: string;
  readonly worker: string | undefined;
  readonly taskType: string | undefined;
  readonly agent: string | undefined;
  readonly usedBytes: number;
}

type Owner = Omit<GpuUse, 'gpu' | 'usedBytes'>;

/** Processes whose environment is remembered; protects from a run of thousands of short ones. */
const MAX_KNOWN = 4_096;
/** Sets of labels that are told at most. */
const MAX_USES = 1_000;

export interface WorkOptions {
  readonly runId: string;
  /** Default: `/proc`; where there is none, nothing is known of any process. */
  readonly table?: ProcessTable | undefined;
  /** This process: the root of the run works for the run although its environment does not say so. */
  readonly pid: number;
}

export class GpuWork {
  readonly #options: WorkOptions;
  readonly #table: ProcessTable | undefined;
  /** By pid and start; null: not of this run. */
  readonly #owners = new Map<string, Owner | null>();

  constructor(options: WorkOptions) {
    this.#options = options;
    this.#table = options.table ?? linuxProcesses();
  }

  uses(readings: readonly GpuReading[]): GpuUse[] {
    const uses = new Map<string, { -readonly [Key in keyof GpuUse]: GpuUse[Key] }>();
    for (const { id, processes } of readings)
      for (const { pid, usedBytes } of processes) {
        const owner = this.#ownerOf(pid);
        if (owner === undefined) continue;
        const key = JSON.stringify([id, ...Object.values(owner)]);
        const known = uses.get(key);
        if (known !== undefined) known.usedBytes += usedBytes;
        else if (uses.size < MAX_USES) uses.set(key, { ...owner, gpu: id, usedBytes });
      }
    return [...uses.values()];
  }

  /** undefined: it has ended, is of another run, or may not be looked at. */
  #ownerOf(pid: number): Owner | undefined {
    const stat = this.#table?.stat(pid);
    if (stat === undefined) return undefined;
    const key = `${pid} ${stat.startMs}`;
    let owner = this.#owners.get(key);
    if (owner === undefined) {
      if (this.#owners.size >= MAX_KNOWN) this.#owners.clear();
      this.#owners.set(key, (owner = this.#read(pid, basename(this.#table?.details(pid).executable ?? stat.name)) ?? null));
    }
    return owner ?? undefined;
  }

  #read(pid: number, program: string): Owner | undefined {
    const { runId, pid: own } = this.#options;
    const environment = this.#table?.environment(pid) ?? '';
    if (pid !== own && (runId === '' || valueOf(environment, 'SWARMSCOPE_RUN_ID') !== runId)) return undefined;
    const work = pid === own ? undefined : pairs.parse(valueOf(environment, 'SWARMSCOPE_WORK') ?? '');
    return { program, worker: work?.['worker'], taskType: work?.['task'], agent: work?.['agent'] };
  }
}

/** Longest value that is looked at. */
const MAX_VALUE = 4_096;

function valueOf(environment: string, name: string): string | undefined {
  const found = environment.split('\0').find((variable) => variable.startsWith(`${name}=`));
  return found?.slice(name.length + 1, name.length + 1 + MAX_VALUE);
}
