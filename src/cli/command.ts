/** What a command is: the texts and flags that the parser and the help read, and what it does. */

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly about: string;
  /** Name of the value in help texts. */
  readonly value?: string;
  readonly check?: 'url' | 'port' | 'seconds';
  /** The only values that are accepted. */
  readonly choices?: readonly string[];
  readonly short?: string;
  /** It may be given several times: its value is the list of all of them. */
  readonly isRepeatable?: boolean;
  /** The flag without which this one means nothing. */
  readonly belongsTo?: string;
}
export type Flags = Readonly<Record<string, Flag>>;

export interface Positional {
  readonly check?: 'url' | 'command';
  /** The flag whose value it is. Without that flag it is refused. */
  readonly belongsTo?: string;
}

/** Arguments without end behind the others, as a shell makes them of `*.jsonl`: further values of a flag, without which they are refused. */
export interface Rest {
  readonly of: string;
}

/** A checked command line. Flags and arguments that were not given are undefined. */
export interface CommandLine<Own extends Flags = Flags> {
  readonly values: {
    readonly [Name in keyof Own]?: Own[Name] extends { isRepeatable: true }
      ? readonly string[]
      : { string: string; boolean: boolean }[Own[Name]['type']];
  };
  readonly positionals: readonly string[];
  /** What follows `--`: never empty for a command that takes a program, always empty for the others. */
  readonly program: readonly string[];
}

/** A command is one file in `commands/` and one line in its catalogue. */
export interface Command<Own extends Flags = Flags> {
  readonly about: string;
  readonly usage: string;
  readonly example?: string;
  /** Every command also has `--help`. */
  readonly flags: Own;
  readonly positionals?: readonly Positional[];
  readonly rest?: Rest;
  /** It needs a program, with its arguments, after `--`. */
  readonly takesProgram?: boolean;
  /** Resolves with the exit code. `commands` is the catalogue, for the help. */
  run(line: CommandLine<Own>, commands: Commands): number | Promise<number>;
}
export type Commands = Readonly<Record<string, Command>>;

const HELP: Flag = { type: 'boolean', short: 'h', about: 'Show this help.' };

/** All flags of a command in the order in which its help shows them. */
export function flagsOf({ flags }: Command): Flags {
  return { ...flags, help: HELP };
}

/** `--json` of the commands that print something. */
export function jsonFlag(what: string): Flag & { readonly type: 'string' } {
  return { type: 'string', value: 'FILE', about: `Write the ${what} as JSON to FILE (- is standard output).` };
}
