// Runs a program without the preload and with it, and compares what both did: nothing may change.
import { expect } from '@jest/globals';
import { runProgram, type ProgramOptions, type ProgramResult } from './run-program.ts';

export interface TwiceOptions extends ProgramOptions {
  /** Only for the run with the preload: the endpoint, settings. Both runs get `env`. */
  readonly loadedEnv?: Readonly<Record<string, string>>;
  /** Replaces what differs between any two runs (ports, pids, times). Temporary folders are replaced already. */
  readonly normalise?: (output: string) => string;
}

export interface Twice {
  readonly plain: ProgramResult;
  readonly loaded: ProgramResult;
}

/** One after the other, so that they do not share the machine. */
export async function runTwice(options: TwiceOptions): Promise<Twice> {
  const { loadedEnv, normalise = (output) => output, ...program } = options;
  const tidy = (result: ProgramResult): ProgramResult => ({
    ...result,
    stdout: normalise(withoutFolders(result.stdout)),
    stderr: normalise(withoutFolders(result.stderr)),
  });
  const plain = await runProgram({ ...program, preload: 'none' });
  const loaded = await runProgram({ ...program, env: { ...program.env, ...loadedEnv } });
  return { plain: tidy(plain), loaded: tidy(loaded) };
}

/**
 * Same stdout, stderr, exit code, signal; neither was ended by its time limit. Returns both runs for what else there is
 * to see.
 */
export async function expectSame(options: TwiceOptions): Promise<Twice> {
  const twice = await runTwice(options);
  expect(seen(twice.loaded)).toEqual(seen(twice.plain));
  expect(twice.plain.isTimedOut).toBe(false);
  return twice;
}

function seen({ stdout, stderr, code, signal, isTimedOut }: ProgramResult): Omit<ProgramResult, 'ms'> {
  return { stdout, stderr, code, signal, isTimedOut };
}

/** `freshFolder` names a new folder for every run. */
function withoutFolders(output: string): string {
  return output.replaceAll(/(?:\/private)?(?:\/[\w.-]+)+\/swarmscope-(program|home)-\w{6}/g, '<$1>');
}
