/** Every command and flag of `swarmscope`, one row each; the parser and the help texts read this. */
import { PART_NAMES, partOf } from './doctor/stack/parts.ts';

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly about: string;
  /** Name of the value in help texts. */
  readonly value?: string;
  readonly check?: 'url' | 'port' | 'seconds';
  /** The values it may have. */
  readonly choices?: readonly string[];
  readonly short?: string;
}

export interface Command {
  readonly about: string;
  readonly usage: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Positional arguments: how many at most. */
  readonly maxPositionals: number;
  /** Takes a program and its arguments after `--`. */
  readonly takesProgram?: boolean;
  readonly example?: string;
}

const HELP: Readonly<Record<string, Flag>> = { help: { type: 'boolean', short: 'h', about: 'Show this help.' } };
const JSON_FILE: Flag = { type: 'string', value: 'FILE', about: 'Write the report as JSON to FILE (- is standard output).' };

/** `--prometheus URL` and so on: where a part of the stack is, if not where compose puts it. */
const STACK_URLS: Readonly<Record<string, Flag>> = Object.fromEntries(
  PART_NAMES.flatMap((part) => {
    const { flag, url } = partOf(part);
    return flag === undefined
      ? []
      : [[flag.name, { type: 'string', value: 'URL', check: 'url', about: `With --stack: ${flag.about} (default: ${url}).` }]];
  }),
);

export const COMMANDS = {
  run: {
    about: 'Run a program and see where its time, tokens and money go.',
    usage: 'swarmscope run [flags] -- COMMAND [ARGUMENT...]',
    maxPositionals: 0,
    takesProgram: true,
    example: 'swarmscope run -- node swarm.js',
    flags: {
      export: { type: 'string', value: 'URL', check: 'url', about: 'Also forward everything to this OTLP/HTTP base URL.' },
      json: { type: 'string', value: 'FILE', about: 'Write the report as JSON to FILE.' },
      report: { type: 'string', value: 'FILE', about: 'Write the printed report to FILE instead of standard error.' },
      name: { type: 'string', value: 'NAME', about: 'Name of the run (default: the program).' },
      port: { type: 'string', value: 'N', check: 'port', about: 'Port of the receiver (default: a free one).' },
      'trace-scope': {
        type: 'string',
        value: 'run|task',
        choices: ['run', 'task'],
        about: 'One trace for the whole run (default), or one per task, linked to the run.',
      },
      quiet: { type: 'boolean', short: 'q', about: 'No live status line.' },
      ...HELP,
    },
  },
  report: {
    about: 'Print the report of a stored run (default: the last one).',
    usage: 'swarmscope report [RUN] [flags]',
    maxPositionals: 1,
    flags: { json: JSON_FILE, ...HELP },
  },
  runs: {
    about: 'List stored runs.',
    usage: 'swarmscope runs [flags]',
    maxPositionals: 0,
    flags: { json: { ...JSON_FILE, about: 'Write the list as JSON to FILE (- is standard output).' }, ...HELP },
  },
  doctor: {
    about: 'Show settings, what was seen, and what to try next.',
    usage: 'swarmscope doctor [flags]\n       swarmscope doctor --stack [URL] [flags]',
    maxPositionals: 1,
    example: 'swarmscope doctor --stack http://localhost:4318',
    flags: {
      stack: {
        type: 'boolean',
        about:
          'Send a span, a point and a log record through the stack and find them again; URL is the OTLP/HTTP base URL of the collector.',
      },
      ...STACK_URLS,
      wait: {
        type: 'string',
        value: 'SECONDS',
        check: 'seconds',
        about: 'With --stack: the longest wait for what was sent (default: 30).',
      },
      json: { ...JSON_FILE, about: 'Write the findings as JSON to FILE (- is standard output).' },
      ...HELP,
    },
  },
  help: { about: 'Show help for a command.', usage: 'swarmscope help [COMMAND]', maxPositionals: 1, flags: HELP },
  version: { about: 'Show the version.', usage: 'swarmscope version', maxPositionals: 0, flags: HELP },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(COMMANDS, text);
}
