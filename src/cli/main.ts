/** The commands of `swarmscope`, loaded by `entry.ts`: the one place that prints errors and sets the exit code. */
import { parseCommandLine } from './arguments.ts';
import { commands } from './commands/index.ts';
import { SwarmscopeError } from './errors.ts';

try {
  const { command, ...line } = parseCommandLine(process.argv.slice(2), commands);
  process.exitCode = await command.run(line, commands);
} catch (error) {
  const known = error instanceof SwarmscopeError ? error : undefined;
  process.stderr.write(`swarmscope: ${known?.message ?? `a fault of ours: ${String(error)}`}\n`);
  process.exitCode = known?.exitCode ?? 1;
}
