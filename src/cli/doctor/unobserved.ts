/**
 * Processes that are connected to a model provider or to a server of models on this machine, and belong to no run: nobody observes
 * their calls. By the sockets of this machine, and of the processes of this user alone unless we are root (Linux).
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openFilesOf, readTcpSockets, type TcpSocket } from '../../machine/open-files.ts';
import { linuxProcesses, type ProcessTable } from '../../machine/process-table.ts';
import { BASE_VARIABLE_NAMES, LOCAL_MODELS, PROVIDER_HOSTS } from '../../gateway/index.ts';
import { classifyRunning } from '../../programs/running.ts';

export interface Unobserved {
  readonly pid: number;
  readonly program: string;
  /** What it is connected to: host names, and addresses of this machine with their port. */
  readonly to: readonly string[];
}

export interface Question {
  /** Base URLs of providers. Default: those that are known by name. */
  readonly urls?: readonly string[];
  /** Processes that observe themselves by the preload. */
  readonly observed?: ReadonlySet<number>;
  /** Addresses of a host; empty where it has none. Never rejects. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** Longest wait for the names of all providers. */
const RESOLVE_MS = 2_000;
/** Processes that are looked at, and those that are told. */
const MAX_PROCESSES = 20_000;
const MAX_TOLD = 50;
const IN_A_RUN = 'SWARMSCOPE_RUN_ID';
/** The folder of our own programs: the gateway of a run is connected to providers for others. */
const OURS = fileURLToPath(new URL('.', import.meta.url));

/** Empty elsewhere than on Linux. Never rejects. */
export async function findUnobserved({ urls, observed = new Set(), resolve = addressesOf }: Question = {}): Promise<Unobserved[]> {
  const table = linuxProcesses();
  if (table === undefined) return [];
  const sockets = readTcpSockets().filter(({ inode }) => inode > 0);
  const processes = ownProcesses(table, sockets);
  const candidates = processes.filter(({ pid, isOurs, isInRun }) => !isOurs && !isInRun && !observed.has(pid) && pid !== process.pid);
  const usual = urls ?? [...PROVIDER_HOSTS.map((host) => `https://${host}`), ...LOCAL_MODELS];
  const named = processes.flatMap(({ bases }) => bases);
  // Without a connection to its port there is nothing to ask of the resolver about a host.
  const ports = new Set(candidates.flatMap(({ connections }) => connections.map(({ remotePort }) => remotePort)));
  const places = await placesOf(
    [...usual, ...named].filter((url) => ports.has(partsOf(url)?.port ?? 0)),
    resolve,
  );
  const ofServers = processes.filter(({ kind }) => kind === MODEL_SERVER).flatMap(({ listens }) => listens);
  const ofOurs = new Set(processes.filter(({ isOurs }) => isOurs).flatMap(({ listens }) => listens));
  const placeOf = ({ remoteHost, remotePort }: TcpSocket, bases: readonly string[]): string | undefined => {
    if (isLoopback(remoteHost) && ofOurs.has(remotePort)) return undefined;
    if (isLoopback(remoteHost) && ofServers.includes(remotePort)) return `127.0.0.1:${remotePort}`;
    return [...bases, ...usual].find((url) => places.get(url)?.has(`${remoteHost} ${remotePort}`) === true);
  };
  return candidates
    .flatMap(({ pid, program, connections, bases }): Unobserved[] => {
      const to = new Set(connections.flatMap((socket) => placeOf(socket, bases) ?? []).map(shown));
      return to.size === 0 ? [] : [{ pid, program, to: [...to].sort() }];
    })
    .slice(0, MAX_TOLD);
}

/** As `programs/purposes.ts` calls what serves models. */
const MODEL_SERVER = 'model_server';

interface OwnProcess {
  readonly pid: number;
  readonly program: string;
  readonly kind: string;
  readonly isOurs: boolean;
  readonly isInRun: boolean;
  readonly connections: readonly TcpSocket[];
  /** Ports. */
  readonly listens: readonly number[];
  /** Base URLs that its environment names. */
  readonly bases: readonly string[];
}

/** Those that hold a socket and whose environment may be read. */
function ownProcesses(table: ProcessTable, sockets: readonly TcpSocket[]): OwnProcess[] {
  const byInode = new Map(sockets.map((socket) => [socket.inode, socket]));
  return table
    .list()
    .slice(0, MAX_PROCESSES)
    .flatMap((pid) => {
      const held = openFilesOf(pid).sockets.flatMap((inode) => byInode.get(inode) ?? []);
      const environment = held.length === 0 ? undefined : table.environment(pid);
      if (environment === undefined) return [];
      const { executable, args } = table.details(pid);
      const what = classifyRunning(executable, args);
      const values = new Map(environment.split('\0').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
      return [
        {
          ...{ pid, program: what.agentName ?? what.executable, kind: what.kind },
          isOurs: args.slice(0, 3).some((arg) => arg.startsWith(OURS)),
          isInRun: (values.get(IN_A_RUN) ?? '') !== '',
          connections: held.filter(({ isListening }) => !isListening),
          listens: held.filter(({ isListening }) => isListening).map(({ localPort }) => localPort),
          bases: BASE_VARIABLE_NAMES.flatMap((name) => values.get(name) ?? []).filter((url) => partsOf(url) !== undefined),
        },
      ];
    });
}

/** `ADDRESS PORT` of each URL. */
async function placesOf(
  urls: readonly string[],
  resolve: NonNullable<Question['resolve']>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const places = new Map<string, ReadonlySet<string>>();
  const late = new Promise<void>((done) => setTimeout(done, RESOLVE_MS).unref());
  const asked = [...new Set(urls)].map(async (url) => {
    const parts = partsOf(url);
    if (parts === undefined) return;
    const addresses = isIP(parts.host) === 0 ? await resolve(parts.host) : [parts.host];
    places.set(url, new Set(addresses.map((address) => `${expanded(address)} ${parts.port}`)));
  });
  await Promise.race([Promise.all(asked), late]);
  return places;
}

function partsOf(url: string): { host: string; port: number } | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  return { host: parsed.hostname.replace(/^\[|\]$/g, ''), port };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // ENOTFOUND, EAI_AGAIN: nobody is connected to what has no address here.
    return [];
  }
}

/** Without `::`, as the table of sockets is read. @example expanded('::1') // '0:0:0:0:0:0:0:1' */
function expanded(address: string): string {
  if (isIP(address) !== 6) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].join(':');
}

const isLoopback = (address: string): boolean => /^127\.|^0:0:0:0:0:0:0:1$/.test(address);

/** The host alone, with a port that is not the usual one: a path or a login may be a secret. */
function shown(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null || parsed.host === '' ? url : parsed.host;
}
