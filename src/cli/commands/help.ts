/** `swarmscope help`: texts made from the catalogue of commands. */
import { flagsOf, type Command, type Commands } from '../command.ts';
import { columns } from '../report/index.ts';
import { print } from '../streams.ts';

export const help: Command = {
  about: 'Show help for a command.',
  usage: 'swarmscope help [COMMAND]',
  positionals: [{ check: 'command' }],
  flags: {},
  async run({ positionals: [topic] }, commands) {
    await print(`${helpText(commands, topic)}\n`);
    return 0;
  },
};

/** Help for one command, or for all of them. Ends with a line feed. */
export function helpText(commands: Commands, topic?: string): string {
  const command = commands[topic ?? ''];
  return command === undefined ? overview(commands) : commandHelp(command);
}

function overview(commands: Commands): string {
  const lines = [
    'swarmscope: see where the minutes, tokens and dollars of a swarm of agents go.',
    '',
    'Usage: swarmscope COMMAND',
    '',
    ...columns(Object.entries(commands).map(([name, { about }]) => [name, about])),
  ];
  return [...lines, '', 'Start with:  swarmscope run -- node swarm.js', 'More:        swarmscope help COMMAND', ''].join('\n');
}

function commandHelp(command: Command): string {
  const { about, usage, example } = command;
  const rows = Object.entries(flagsOf(command)).map(([name, flag]) => {
    const value = flag.value === undefined ? '' : ` ${flag.value}`;
    return [`${flag.short === undefined ? '    ' : `-${flag.short}, `}--${name}${value}`, flag.about];
  });
  return [about, '', `Usage: ${usage}`, ...(example === undefined ? [] : [`  e.g. ${example}`]), '', ...columns(rows), ''].join('\n');
}
