/**
 * NODE_OPTIONS in the file of an `--env-file`: Node reads it only where its environment has no NODE_OPTIONS, so ours
 * would make it void.
 */
import { resolve } from 'node:path';
import { readSmall } from '../../config/small-file.ts';
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { visibleCommands } from '../../programs/launch-words.ts';
import { firstOperand } from '../../programs/operands.ts';
import { NODE_VALUES } from '../../programs/known.ts';

const FLAG = /^--env-file(?:-if-exists)?(?:=(.*))?$/;

/**
 * The options of the user that count for this child; undefined where they cannot be known, and then ours have to stay
 * away. `isNode`: the program of the launch is Node itself.
 */
export function optionsOfEnvFile(launch: ChildLaunch, isNode: boolean): string | undefined {
  if (!isNode) return visibleCommands(launch).some((words) => words.some((word) => FLAG.test(word))) ? undefined : '';
  const flags = launch.args.slice(0, firstOperand(launch.args, NODE_VALUES));
  let options = '';
  for (const [at, flag] of flags.entries()) {
    const match = FLAG.exec(flag);
    if (match === null) continue;
    const text = readSmall(resolve(launch.cwd ?? '.', match[1] ?? flags[at + 1] ?? ''))?.text;
    if (text !== undefined) options = process.getBuiltinModule('node:util').parseEnv(text)['NODE_OPTIONS'] ?? options;
  }
  return options;
}
