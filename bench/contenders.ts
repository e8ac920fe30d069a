/** Who takes part in a round: no preload, ours, a hand-written span on the OpenTelemetry SDK, and the peers. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPeer, peers, type Peer } from './peers.ts';

export interface Contender {
  readonly name: string;
  /** Of Node, before the program. */
  readonly execArgv: readonly string[];
  /** What the program gets beside PATH, HOME and `BENCH_URL`. `url` takes what is recorded. */
  env(url: string): Record<string, string>;
}

/** Names of the contenders that always take part; others are compared with the first. */
export const NONE = 'none';
export const OURS = 'swarmscope';
export const BARE = 'bare SDK';

/** Stock batch processors send as soon as ours does, so that what a batch costs falls into its own round. */
const SOON = { OTEL_BSP_SCHEDULE_DELAY: '100' };

export interface Field {
  readonly contenders: readonly Contender[];
  /** One line for each that was left out, and why. */
  readonly leftOut: readonly string[];
}

/** All contenders. Peers that cannot be installed are left out. `dist`: the folder of our bundles. */
export async function gather(dist: string, { withPeers }: { withPeers: boolean }): Promise<Field> {
  const leftOut: string[] = [];
  const folders = new Map<Peer, string>();
  for (const peer of withPeers ? peers : []) {
    try {
      folders.set(peer, await installPeer(peer));
    } catch (error) {
      leftOut.push(`${peer.name} is left out, it could not be installed: ${firstLine(error)}`);
    }
  }
  // All make their calls by the same version of the client: that of the peers where there are any.
  const [client] = folders.values();
  const clientEnv: Record<string, string> = client === undefined ? {} : { BENCH_PEER: client };
  const contenders: Contender[] = [
    { name: NONE, execArgv: [], env: () => clientEnv },
    { name: OURS, execArgv: ['--require', join(dist, 'register.cjs')], env: (url) => ({ ...clientEnv, SWARMSCOPE_ENDPOINT: url }) },
    {
      name: BARE,
      execArgv: ['--require', join(import.meta.dirname, 'programs/peers/bare.cjs')],
      env: () => ({ ...clientEnv, ...SOON, BENCH_BARE: '1' }),
    },
    ...[...folders].map(([peer, folder]) => contenderOf(peer, folder)),
  ];
  return { contenders, leftOut };
}

function contenderOf({ name, preload, env }: Peer, folder: string): Contender {
  const isProgram = preload.startsWith('./');
  const module = isProgram
    ? join(import.meta.dirname, 'programs/peers', preload)
    : createRequire(join(folder, 'program.cjs')).resolve(preload);
  return {
    name,
    execArgv: ['--require', module],
    env: (url) => ({
      ...SOON,
      ...env,
      BENCH_PEER: folder,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      DD_TRACE_AGENT_URL: url,
    }),
  };
}

/** The first line of what went wrong that says something: npm writes its reasons to `stderr`, after codes. */
export function firstLine(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  const lines = `${stderr}\n${message}`.split('\n').filter((line) => !/^npm (?:error (?:code|errno|syscall|path)|warn)|^\s*$/.test(line));
  return lines[0] ?? message;
}

/** Those for which `attempt` does not reject. `tell` gets one line for each other one; without the first there is nothing to compare. */
export async function whoWorks(
  contenders: readonly Contender[],
  attempt: (contender: Contender) => Promise<unknown>,
  tell: (line: string) => void,
): Promise<Contender[]> {
  const working: Contender[] = [];
  for (const contender of contenders) {
    try {
      await attempt(contender);
      working.push(contender);
    } catch (error) {
      if (contender.name === NONE) throw error;
      tell(`${contender.name} is left out: ${firstLine(error)}`);
    }
  }
  return working;
}
