/** The command `swarmscope`: the one place that prints errors and sets the exit code. */
import { SwarmscopeError } from './errors.ts';
import { parseCommandLine, type Invocation } from './arguments.ts';
import { helpText } from './help.ts';

async function dispatch(invocation: Invocation): Promise<number> {
  switch (invocation.command) {
    case 'run':
      return (await import('./run/index.ts')).runCommand(invocation);
    case 'report':
      return (await import('./stored.ts')).reportCommand(invocation);
    case 'runs':
      return (await import('./stored.ts')).runsCommand(invocation);
    case 'doctor':
      return doctor(invocation);
    case 'help':
      process.stdout.write(`${helpText(invocation.about)}\n`);
      return 0;
    case 'version':
      process.stdout.write(`swarmscope ${__SWARMSCOPE_VERSION__}\n`);
      return 0;
  }
}

async function doctor({ jsonFile, stack }: Extract<Invocation, { command: 'doctor' }>): Promise<number> {
  if (stack === undefined) return (await import('./doctor/index.ts')).doctorCommand({ jsonFile });
  return (await import('./doctor/stack/index.ts')).stackCommand({ ...stack, jsonFile });
}

try {
  process.exitCode = await dispatch(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  const known = error instanceof SwarmscopeError ? error : undefined;
  process.stderr.write(`swarmscope: ${known?.message ?? `a fault of ours: ${String(error)}`}\n`);
  process.exitCode = known?.exitCode ?? 1;
}
