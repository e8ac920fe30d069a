/** The commands of `swarmscope`, loaded by `entry.ts`: the one place that prints errors and sets the exit code. */
import { parseCommandLine } from './arguments.ts';
import { commandsFor } from './commands/index.ts';
import { SwarmscopeError } from './errors.ts';
import { guardStreams, isSaid, say } from './streams.ts';

guardStreams();

try {
  const argv = process.argv.slice(2);
  const commands = await commandsFor(argv[0]);
  const { command, ...line } = parseCommandLine(argv, commands);
  process.exitCode = await command.run(line, commands);
  // A reader that takes nothing must not keep the exit code of the program back.
  if (line.program.length > 0 && !(await isSaid())) process.exit();
} catch (error) {
  const known = error instanceof SwarmscopeError ? error : undefined;
  say(`swarmscope: ${known?.message ?? `a fault of ours: ${String(error)}`}\n`);
  process.exitCode = known?.exitCode ?? 1;
}
