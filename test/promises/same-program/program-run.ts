// Runs one of the programs beside this file twice, without and with the preload, and holds both runs against each
// other.
import { join } from 'node:path';
import { expect } from '@jest/globals';
import {
  dist,
  ensureBuilt,
  preloadFile,
  repository,
  runProgram,
  startSink,
  type ProgramOptions,
  type ProgramResult,
} from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

ensureBuilt();

export const programs = join(import.meta.dirname, 'programs');

/** How far the preload has come when the program runs: only armed, or recording with all that it ever arms. */
export type State = 'idle' | 'awake';

export interface Program extends Pick<ProgramOptions, 'files' | 'stdin' | 'args' | 'nodeArgs' | 'env' | 'timeoutMs' | 'cwd'> {
  /** A file of `programs`; without one, `nodeArgs` says it all. */
  readonly program?: string | undefined;
  /**
   * The command line around Node, where it is not Node itself that is started; it gets Node and the flags that load the
   * preload.
   */
  readonly line?: ((node: string, flags: readonly string[], file: string) => readonly string[]) | undefined;
  /** Loads the preload by NODE_OPTIONS instead of flags; what is given here stands behind it. */
  readonly nodeOptions?: string | undefined;
  /** What it replaces before our first use of it is out of our reach. */
  readonly isAwakeOnly?: boolean | undefined;
  /** The preload cannot reach its endpoint there, so nothing can arrive. */
  readonly isSilent?: boolean | undefined;
  /** Replaces what differs between any two runs. */
  readonly normalise?: ((output: string) => string) | undefined;
}

export interface Pair {
  readonly plain: ProgramResult;
  readonly loaded: ProgramResult;
}

/**
 * Same stdout, stderr, exit code and signal; and the preload was in, by the word of `wake.cjs` and, when awake, by a
 * span that came.
 */
export async function expectSameProgram(node: string, state: State, program: Program): Promise<Pair> {
  const sink = await startSink();
  try {
    const plain = await runProgram(options(node, state, program));
    const loaded = await runProgram(options(node, state, program, sink.url));
    const { normalise } = program;
    expect(seen(loaded, normalise)).toEqual(seen(plain, normalise));
    expect(plain.isTimedOut).toBe(false);
    if (state === 'awake' && program.isSilent !== true) {
      await sink.arrived(() => spansOf(sink).some(({ name }) => name === 'run_task probe'));
    }
    return { plain, loaded };
  } finally {
    await sink.close();
  }
}

function options(node: string, state: State, program: Program, endpoint?: string): ProgramOptions {
  const { program: name, line, nodeOptions, isSilent: _silent, isAwakeOnly: _awakeOnly, normalise: _normalise, ...rest } = program;
  const wake = join(programs, 'wake.cjs');
  const preloads = endpoint === undefined ? [wake] : [preloadFile, wake];
  const flags = nodeOptions === undefined ? preloads.flatMap((path) => ['--require', path]) : [];
  const file = name === undefined ? '' : join(programs, name);
  const tail = [...(rest.nodeArgs ?? []), ...(file === '' ? [] : [file]), ...(rest.args ?? [])];
  const [command = node, ...args] = line?.(node, flags, file) ?? [node, ...flags, ...tail];
  return {
    ...rest,
    nodeArgs: [],
    command,
    args,
    preload: 'none',
    env: {
      PROGRAM_API: join(dist, 'index.cjs'),
      PROGRAM_NODE: node,
      PROGRAM_IS_AWAKE: state === 'awake' ? '1' : undefined,
      ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: [...preloads.map((path) => `--require "${path}"`), nodeOptions].join(' ') }),
      ...rest.env,
      // A loaded test machine may need more than the default second to send what is left.
      ...(endpoint === undefined
        ? {}
        : { PROGRAM_EXPECTS_PRELOAD: '1', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, SWARMSCOPE_EXIT_TIMEOUT: '10000' }),
    },
  };
}

function seen({ stdout, stderr, code, signal, isTimedOut }: ProgramResult, normalise = (output: string) => output): Partial<ProgramResult> {
  return { stdout: normalise(tidy(stdout)), stderr: normalise(tidy(stderr)), code, signal, isTimedOut };
}

/** Folders that are new for every run, process ids in warnings, this checkout. */
function tidy(output: string): string {
  return output
    .replaceAll(/(?:\/private)?(?:\/[\w.-]+)*\/(?:swarmscope-(?:program|home)|same)-\w{6}/g, '<folder>')
    .replaceAll(/\(node:\d+\)/g, '(node:PID)')
    .replaceAll(repository, '<repository>');
}
