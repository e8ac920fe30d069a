/** Command lines: checked against the catalogue of commands, with a suggestion for what was mistyped. */
import { parseArgs } from 'node:util';
import { flagsOf, type Command, type CommandLine, type Commands, type Flag, type Flags } from './command.ts';
import { SwarmscopeError } from './errors.ts';

export interface Invocation extends CommandLine {
  readonly command: Command;
}

/**
 * Parses the arguments after `swarmscope`. @throws SwarmscopeError `USAGE`
 * @example parseCommandLine(['run', '--quiet', '--', 'node', 'swarm.js'], commands)
 */
export function parseCommandLine(argv: readonly string[], commands: Commands): Invocation {
  const [first = '--help', ...rest] = argv;
  if (first === '--help' || first === '-h') return invocation(commandNamed('help', commands));
  if (first === '--version' || first === '-v') return invocation(commandNamed('version', commands));
  const subject = commandNamed(first, commands);
  const line = parse(subject, rest);
  if (line.values['help'] === true) return invocation(commandNamed('help', commands), { positionals: [first] });
  checkBelonging(subject, line);
  (subject.command.positionals ?? []).forEach((positional, index) => {
    const value = line.positionals[index];
    if (value === undefined) return;
    if (positional.check === 'url') check('url', subject, `--${positional.belongsTo ?? ''}`, value);
    if (positional.check === 'command' && !Object.hasOwn(commands, value))
      throw usageError(`No help for "${value}".${suggest(value, Object.keys(commands))}`);
  });
  if (subject.command.takesProgram === true && (line.program[0] ?? '') === '')
    throw usageError('Nothing to run. Put the command after two dashes: swarmscope run -- node swarm.js', subject);
  return invocation(subject, line);
}

interface Subject {
  readonly name: string;
  readonly command: Command;
}

function commandNamed(name: string, commands: Commands): Subject {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw usageError(`Unknown command "${name}".${suggest(name, Object.keys(commands))}`);
  return { name, command };
}

function invocation({ command }: Subject, line: Partial<CommandLine> = {}): Invocation {
  return { command, values: {}, positionals: [], program: [], ...line };
}

function parse(subject: Subject, argv: readonly string[]): CommandLine {
  const { name, command } = subject;
  const flags = flagsOf(command);
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type, short, isRepeatable: multiple = false }]) => [
      flag,
      short === undefined ? { type, multiple } : { type, short, multiple },
    ]),
  );
  const { values, tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find((token) => token.kind === 'option-terminator')?.index ?? argv.length;
  const program = argv.slice(end + 1);
  for (const token of tokens) if (token.kind === 'option') checkFlag(subject, flags, token);
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' && token.index < end ? [token.value] : []));
  const isRest = command.rest !== undefined && values[command.rest.of] !== undefined;
  const unexpected = isRest ? undefined : positionals[command.positionals?.length ?? 0];
  if (unexpected !== undefined && command.takesProgram === true) {
    throw usageError(
      `Unexpected "${unexpected}". Put the command after two dashes: swarmscope run -- ${argv.slice(argv.indexOf(unexpected)).join(' ')}`,
      subject,
    );
  }
  if (unexpected !== undefined || (program.length > 0 && command.takesProgram !== true)) {
    throw usageError(`Unexpected "${unexpected ?? program[0]}" after ${name}.`, subject);
  }
  return { values, positionals, program };
}

function checkFlag(subject: Subject, flags: Flags, token: { name: string; rawName: string; value?: string | undefined }): void {
  const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
  if (flag === undefined) {
    throw usageError(`Unknown flag ${token.rawName} for ${subject.name}.${suggest(token.name, Object.keys(flags), '--')}`, subject);
  }
  if (flag.type === 'boolean') {
    if (token.value !== undefined) throw usageError(`${token.rawName} takes no value.`, subject);
    return;
  }
  const value = token.value ?? '';
  if (value === '' || (value.startsWith('-') && value !== '-'))
    throw usageError(`${token.rawName} needs a value: ${token.rawName} ${flag.value ?? 'VALUE'}.`, subject);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw usageError(`${token.rawName} expects ${flag.choices.join(' or ')}, got "${value}".`, subject);
  }
  if (flag.check !== undefined) check(flag.check, subject, token.rawName, value);
}

/** An argument or a flag that means nothing without another flag. */
function checkBelonging(subject: Subject, { values, positionals }: CommandLine): void {
  const { name, command } = subject;
  const given: readonly [shown: string, owner: string | undefined][] = [
    ...positionals.map((value, index): [string, string | undefined] => [value, command.positionals?.[index]?.belongsTo]),
    ...Object.entries(command.flags).flatMap(([flag, { belongsTo }]): [string, string | undefined][] =>
      values[flag] === undefined ? [] : [[`--${flag}`, belongsTo]],
    ),
  ];
  for (const [shown, owner] of given)
    if (owner !== undefined && values[owner] === undefined)
      throw usageError(`${shown} belongs to --${owner}: swarmscope ${name} --${owner}`, subject);
}

const CHECKS: Readonly<Record<NonNullable<Flag['check']>, { isOk: (value: string) => boolean; expects: string }>> = {
  url: {
    isOk: (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    expects: 'a URL such as http://localhost:4318',
  },
  port: { isOk: (value) => isBetween(value, 1, 65_535), expects: 'a port from 1 to 65535' },
  seconds: { isOk: (value) => isBetween(value, 0, 3_600), expects: 'seconds from 0 to 3600' },
};

function check(name: keyof typeof CHECKS, subject: Subject, rawName: string, value: string): void {
  const { isOk, expects } = CHECKS[name];
  if (!isOk(value)) throw usageError(`${rawName} expects ${expects}, got "${value}".`, subject);
}

function isBetween(value: string, least: number, most: number): boolean {
  return /^\d+$/.test(value) && value.length <= String(most).length && Number(value) >= least && Number(value) <= most;
}

function usageError(message: string, subject?: Subject): SwarmscopeError {
  const usage = subject?.command.usage ?? 'swarmscope COMMAND';
  return new SwarmscopeError(
    'USAGE',
    `${message}\nUsage: ${usage}\nMore: swarmscope help${subject === undefined ? '' : ` ${subject.name}`}`,
  );
}

function suggest(typed: string, known: readonly string[], prefix = ''): string {
  const best = known
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (best === undefined || best.distance > Math.max(2, Math.floor(best.name.length / 3))) return '';
  return ` Did you mean ${prefix}${best.name}?`;
}

/** Levenshtein distance; inputs longer than 40 characters are never near. */
function editDistance(a: string, b: string): number {
  if (a.length > 40 || b.length > 40) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? Infinity;
}
