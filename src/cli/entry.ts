/**
 * The command `swarmscope` on every Node. One that is too old cannot load the commands: it is told which is needed, and
 * the program of `run` runs all the same. It is built for old engines, which must be able to parse it.
 */
import { isNodeRecentEnough, NEEDED_NODE } from '../config/node-version.ts';
import { liveEnvironment } from '../config/started-with.ts';
import { SwarmscopeError } from './errors.ts';
import { exitCodeOf, startProgram } from './run/program.ts';
import { guardStreams, say } from './streams.ts';

/** Not loaded by a literal name, which would be bundled. */
const COMMANDS = new URL('./commands.mjs', import.meta.url).href;

async function runWithout([command, ...args]: readonly string[]): Promise<number> {
  const [file, ...words] = command === 'run' ? args.slice(args.indexOf('--') + 1 || args.length) : [];
  const found = `swarmscope needs Node ${NEEDED_NODE} or newer and found ${process.versions.node} (${process.execPath}).`;
  const next = file === undefined ? 'Put a newer one first in PATH.' : 'The program runs without it, and nothing is recorded.';
  say(`${found} ${next}\n`);
  if (file === undefined) return 1;
  const program = await startProgram([file, ...words], liveEnvironment());
  return exitCodeOf(await program.ended);
}

if (isNodeRecentEnough(process.versions.node)) await import(COMMANDS);
else {
  guardStreams();
  try {
    process.exitCode = await runWithout(process.argv.slice(2));
  } catch (error) {
    say(`swarmscope: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof SwarmscopeError ? error.exitCode : 1;
  }
}
