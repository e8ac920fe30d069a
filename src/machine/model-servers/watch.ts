/** Asks the model servers of this machine how full they are: beside the collections, which take the last answer. */
import { readBytes } from '../../config/small-file.ts';
import { cancel, later, type Timer } from '../../config/originals.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import { linuxProcesses } from '../process-table.ts';
import { rowIn } from '../sockets.ts';
import { httpGet, type Place } from './http-get.ts';
import { PROGRAMS, SERVERS, type ServerKind, type ServerReading, type ServerRow } from './servers.ts';

export interface Server extends ServerReading, Place {}

export interface WatchOptions {
  /** Base URLs that the user named; `http` alone. */
  readonly urls: readonly string[];
  /** Whether servers on their usual ports are looked for. */
  readonly looksForOthers: boolean;
  readonly intervalMs: number;
  readonly now: () => EpochMs;
  readonly count: (name: string) => void;
  /** Default: {@link usualServers}. */
  readonly usual?: () => readonly ServerKind[];
}

/** Time for one answer: a server that is busy answers late. */
const DEADLINE_MS = 2_000;
/** Time between two looks for servers that were not there before. */
const SEARCH_MS = 30_000;
const FIRST_SEARCH_MS = 5_000;
/** Answers that are older are not shown. */
const STALE_MS = 15_000;
/** Servers at once. */
const MAX_SERVERS = 16;

interface Known {
  readonly place: Place;
  /** Which it is; undefined: not known yet. */
  row: ServerRow | undefined;
  /** Rows that it may be. */
  readonly rows: readonly ServerRow[];
  reading: Server | undefined;
  at: EpochMs;
  /** It has told that it is none of ours: it is not asked again. */
  isOther: boolean;
  isAsked: boolean;
}

export class ModelServers {
  readonly #options: WatchOptions;
  readonly #known = new Map<string, Known>();
  #timer: Timer | undefined;
  #searchedAt: EpochMs;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    for (const url of options.urls) {
      const place = placeOf(url);
      if (place === undefined) options.count('model-servers.unusable-url');
      else this.#add(place, SERVERS);
    }
    // A program that is over by then is asked nothing.
    this.#searchedAt = options.now() - SEARCH_MS + FIRST_SEARCH_MS;
    this.#tick();
  }

  /** Of the servers that have answered lately. */
  readings(): Server[] {
    const oldest = this.#options.now() - STALE_MS - this.#options.intervalMs;
    return [...this.#known.values()].flatMap(({ reading, at }) => (reading !== undefined && at >= oldest ? [reading] : []));
  }

  stop(): void {
    this.#isStopped = true;
    cancel(this.#timer);
  }

  #add(place: Place, rows: readonly ServerRow[]): void {
    const key = `${place.host} ${place.port}`;
    if (this.#known.has(key) || this.#known.size >= MAX_SERVERS) return;
    this.#known.set(key, { place, rows, row: undefined, reading: undefined, at: -Infinity, isOther: false, isAsked: false });
  }

  #tick(): void {
    const { looksForOthers, now, intervalMs } = this.#options;
    if (looksForOthers && now() - this.#searchedAt >= SEARCH_MS) {
      this.#searchedAt = now();
      for (const kind of (this.#options.usual ?? usualServers)()) {
        const rows = SERVERS.filter((row) => row.kind === kind);
        this.#add({ host: '127.0.0.1', port: rows[0]?.port ?? 0 }, rows);
      }
    }
    for (const known of this.#known.values()) if (!known.isAsked && !known.isOther) void this.#ask(known);
    if (!this.#isStopped) this.#timer = later(intervalMs, () => this.#tick());
  }

  async #ask(known: Known): Promise<void> {
    known.isAsked = true;
    const rows = known.row === undefined ? known.rows : [known.row];
    let answers = 0;
    let body: string | undefined;
    let path = '';
    for (const row of rows) {
      // Rows of one path are asked once.
      if (row.path !== path) body = await httpGet(known.place, (path = row.path), DEADLINE_MS);
      if (body === undefined) continue;
      answers += 1;
      const read = row.read(body);
      if (read === undefined) continue;
      known.row = row;
      known.reading = { ...read, ...known.place, kind: row.kind };
      known.at = this.#options.now();
      break;
    }
    if (known.row === undefined && answers > 0) known.isOther = true;
    if (known.row !== undefined && answers === 0) this.#options.count('model-servers.no-answer');
    known.isAsked = false;
  }
}

function placeOf(text: string): Place | undefined {
  try {
    const { protocol, hostname, port } = new URL(text);
    return protocol === 'http:' ? { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) } : undefined;
  } catch {
    // No URL.
    return undefined;
  }
}

const LISTENS = '0A';
/** 127.0.0.1 and every address, as the kernel writes them. */
const HERE = /^(?:0100007F|00000000|0{32}|0{24}01000000|0000000000000000FFFF00000100007F)$/;
/** Ten thousand connections. */
const MAX_TABLE_BYTES = 2_097_152;

/** Command lines that are looked at. */
const MAX_PROCESSES = 4_096;

/**
 * Kinds of servers of which a process runs while something listens on loopback at their usual port: nobody is connected to for it, and what
 * else listens there, as a server under development does at 8000 and 8080, is left alone. Linux; elsewhere none.
 */
export function usualServers(root = '/proc'): ServerKind[] {
  const ports = new Set(SERVERS.map(({ port }) => port));
  const open = new Set<number>();
  for (const table of ['net/tcp', 'net/tcp6'])
    for (const line of (readBytes(`${root}/${table}`, MAX_TABLE_BYTES)?.toString('latin1') ?? '').split('\n')) {
      const row = rowIn(line);
      if (row?.state === LISTENS && ports.has(row.localPort) && HERE.test(row.localHost)) open.add(row.localPort);
    }
  const kinds = [...new Set(SERVERS.filter(({ port }) => open.has(port)).map(({ kind }) => kind))];
  if (kinds.length === 0) return [];
  const table = linuxProcesses(root);
  const pids = (table?.list() ?? []).filter((pid) => pid !== process.pid).slice(0, MAX_PROCESSES);
  const commands = pids.map((pid) => table?.details(pid).args.slice(0, 8).join(' ') ?? '');
  return kinds.filter((kind) => commands.some((command) => PROGRAMS[kind].test(command)));
}
