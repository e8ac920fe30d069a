/** Command lines: checked against the table of commands, with a suggestion for what was mistyped. */
import { parseArgs } from 'node:util';
import { COMMANDS, isCommandName, type Command, type CommandName } from './command-table.ts';
import { PART_NAMES, partOf, type PartName } from './doctor/stack/parts.ts';
import { SwarmscopeError } from './errors.ts';

/** What the command line asked for. Flags that were not given are undefined. */
export type Invocation =
  | {
      readonly command: 'run';
      readonly program: readonly [string, ...string[]];
      readonly exportUrl: string | undefined;
      readonly jsonFile: string | undefined;
      readonly reportFile: string | undefined;
      readonly name: string | undefined;
      readonly port: number | undefined;
      readonly isQuiet: boolean;
      readonly traceScope: string | undefined;
    }
  | { readonly command: 'report'; readonly runId: string | undefined; readonly jsonFile: string | undefined }
  | { readonly command: 'runs'; readonly jsonFile: string | undefined }
  | { readonly command: 'doctor'; readonly jsonFile: string | undefined; readonly stack: StackArguments | undefined }
  | { readonly command: 'help'; readonly about: CommandName | undefined }
  | { readonly command: 'version' };

/** Of `doctor --stack`. */
export interface StackArguments {
  /** Only what was named. */
  readonly urls: Readonly<Partial<Record<PartName, string>>>;
  readonly waitSeconds: number;
}

/** A Tempo that has just started is ready after fifteen seconds, and a rule is evaluated after as many. */
const WAIT_SECONDS = 30;

type Values = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses the arguments after `swarmscope`.
 * @throws SwarmscopeError `USAGE`
 * @example parseCommandLine(['run', '--quiet', '--', 'node', 'swarm.js'])
 */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h') return { command: 'help', about: undefined };
  if (first === '--version' || first === '-v') return { command: 'version' };
  if (!isCommandName(first)) {
    throw usageError(`Unknown command "${first}".${suggest(first, Object.keys(COMMANDS))}`, undefined);
  }
  const { values, positionals, program } = parse(first, rest);
  if (values['help'] === true) return { command: 'help', about: first };
  const jsonFile = text(values['json']);
  switch (first) {
    case 'run':
      return runInvocation(values, program);
    case 'report':
      return { command: first, runId: positionals[0], jsonFile };
    case 'runs':
      return { command: first, jsonFile };
    case 'doctor':
      return { command: first, jsonFile, stack: stackArguments(values, positionals[0]) };
    case 'help':
      return { command: first, about: helpTopic(positionals[0]) };
    case 'version':
      return { command: first };
  }
}

function runInvocation(values: Values, program: readonly string[]): Invocation {
  const [executable, ...rest] = program;
  if (executable === undefined || executable === '') {
    throw usageError('Nothing to run. Put the command after two dashes: swarmscope run -- node swarm.js', 'run');
  }
  const port = text(values['port']);
  return {
    command: 'run',
    program: [executable, ...rest],
    exportUrl: text(values['export']),
    jsonFile: text(values['json']),
    reportFile: text(values['report']),
    name: text(values['name']),
    port: port === undefined ? undefined : Number(port),
    isQuiet: values['quiet'] === true,
    traceScope: text(values['trace-scope']),
  };
}

function stackArguments(values: Values, collector: string | undefined): StackArguments | undefined {
  const flags = PART_NAMES.flatMap((part) => {
    const name = partOf(part).flag?.name;
    const url = name === undefined ? collector : text(values[name]);
    // Two rows without a flag would both be the argument: the table has one.
    return url === undefined ? [] : [{ part, name, url }];
  });
  const wait = text(values['wait']);
  if (values['stack'] !== true) {
    const alone = flags[0] === undefined ? (wait === undefined ? undefined : '--wait') : (flags[0].name ?? flags[0].url);
    if (alone !== undefined) throw usageError(`${alone} belongs to --stack: swarmscope doctor --stack`, 'doctor');
    return undefined;
  }
  if (collector !== undefined) checkUrl('--stack', collector, 'doctor');
  return {
    urls: Object.fromEntries(flags.map(({ part, url }) => [part, url])),
    waitSeconds: wait === undefined ? WAIT_SECONDS : Number(wait),
  };
}

function helpTopic(topic: string | undefined): CommandName | undefined {
  if (topic === undefined || isCommandName(topic)) return topic;
  throw usageError(`No help for "${topic}".${suggest(topic, Object.keys(COMMANDS))}`, undefined);
}

function parse(name: CommandName, argv: readonly string[]): { values: Values; positionals: string[]; program: string[] } {
  const command: Command = COMMANDS[name];
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([flag, { type, short }]) => [flag, short === undefined ? { type } : { type, short }]),
  );
  const { values, tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find((token) => token.kind === 'option-terminator')?.index ?? argv.length;
  const program = argv.slice(end + 1);
  for (const token of tokens) if (token.kind === 'option') checkFlag(name, command, token);
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' && token.index < end ? [token.value] : []));
  const unexpected = positionals[command.maxPositionals];
  if (unexpected !== undefined && command.takesProgram === true) {
    throw usageError(
      `Unexpected "${unexpected}". Put the command after two dashes: swarmscope run -- ${argv.slice(argv.indexOf(unexpected)).join(' ')}`,
      name,
    );
  }
  if (unexpected !== undefined || (program.length > 0 && command.takesProgram !== true)) {
    throw usageError(`Unexpected "${unexpected ?? program[0]}" after ${name}.`, name);
  }
  return { values, positionals, program };
}

function checkFlag(name: CommandName, command: Command, token: { name: string; rawName: string; value?: string | undefined }): void {
  const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
  if (flag === undefined) {
    throw usageError(`Unknown flag ${token.rawName} for ${name}.${suggest(token.name, Object.keys(command.flags), '--')}`, name);
  }
  if (flag.type === 'boolean') {
    if (token.value !== undefined) throw usageError(`${token.rawName} takes no value.`, name);
    return;
  }
  const value = token.value ?? '';
  if (value === '' || (value.startsWith('-') && value !== '-'))
    throw usageError(`${token.rawName} needs a value: ${token.rawName} ${flag.value ?? 'VALUE'}.`, name);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw usageError(`${token.rawName} expects ${flag.choices.join(' or ')}, got "${value}".`, name);
  }
  if (flag.check === 'port' && !(/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535)) {
    throw usageError(`${token.rawName} expects a port from 1 to 65535, got "${value}".`, name);
  }
  if (flag.check === 'seconds' && !(/^\d{1,4}$/.test(value) && Number(value) <= 3_600)) {
    throw usageError(`${token.rawName} expects seconds from 0 to 3600, got "${value}".`, name);
  }
  if (flag.check === 'url') checkUrl(token.rawName, value, name);
}

function checkUrl(rawName: string, value: string, name: CommandName): void {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw usageError(`${rawName} expects a URL such as http://localhost:4318, got "${value}".`, name);
  }
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function usageError(message: string, name: CommandName | undefined): SwarmscopeError {
  const usage = name === undefined ? 'swarmscope COMMAND' : COMMANDS[name].usage;
  return new SwarmscopeError('USAGE', `${message}\nUsage: ${usage}\nMore: swarmscope help${name === undefined ? '' : ` ${name}`}`);
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
