/** Help texts, made from the table of commands. */
import { COMMANDS, type Command, type CommandName } from './command-table.ts';
import { columns } from './report/style.ts';

/** Help for one command, or for all of them. Ends with a line feed. */
export function helpText(about?: CommandName): string {
  return about === undefined ? overview() : commandHelp(COMMANDS[about]);
}

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { about }]): [string, string] => [name, about]);
  const lines = [
    'swarmscope: see where the minutes, tokens and dollars of a swarm of agents go.',
    '',
    'Usage: swarmscope COMMAND',
    '',
    ...columns(rows),
  ];
  return [...lines, '', 'Start with:  swarmscope run -- node swarm.js', 'More:        swarmscope help COMMAND', ''].join('\n');
}

function commandHelp({ about, usage, flags, example }: Command): string {
  const rows = Object.entries(flags).map(([name, flag]): [string, string] => {
    const value = flag.value === undefined ? '' : ` ${flag.value}`;
    return [`${flag.short === undefined ? '    ' : `-${flag.short}, `}--${name}${value}`, flag.about];
  });
  return [about, '', `Usage: ${usage}`, ...(example === undefined ? [] : [`  e.g. ${example}`]), '', ...columns(rows), ''].join('\n');
}
