/** For whom a child process works: its environment names the worker, the type of the task and the agent. */
import type { Settings } from '../config/settings/index.ts';
import type { Frame } from './types.ts';

/** Read again by `src/machine/gpu/work.ts`. */
const WORK_VARIABLE = 'SWARMSCOPE_WORK';
/** Half of a character, which cannot be encoded. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * What a child process of `frame` is told. Of what the frame does not say, what this process was told itself holds on. `{}` outside of
 * tasks and agents: then the child inherits the variable.
 */
export function workCarrier(
  { settings: { work } }: { settings: Pick<Settings, 'work'> },
  frame: Frame | undefined,
): Record<string, string> {
  if (frame?.task === undefined && frame?.agent === undefined) return {};
  const told = {
    worker: frame.task?.worker ?? work['worker'],
    task: frame.task?.type ?? work['task'],
    agent: frame.agent?.name ?? work['agent'],
  };
  const words = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value.replaceAll(LONE_SURROGATE, '\ufffd'))}`],
  );
  return { [WORK_VARIABLE]: words.join(',') };
}
