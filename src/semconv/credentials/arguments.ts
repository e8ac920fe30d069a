/** Removes credentials from an argument list: where an argument is a value, all of it goes, whatever it looks like. Pure. */
import { weightOf } from './names.ts';
import { isHeaderForm, isHeaderOption, isLogin, isSetter, isUserOption, optionsOf, scrubHeader } from './options.ts';
import { HIDDEN, type ProgramOptions } from './table.ts';
import { scrubText } from './text.ts';

/** Names within names: `--from-literal=password=…`. */
const MAX_NESTED = 4;
const MAX_NAME = 200;
const ASSIGNMENT = /^((?:-{0,2}|\/)[\w$.-]{1,200}?)([=:])/;
const SHELL_TEXT = /^(?:-[a-z]*c|-command|\/c)$/i;
const OPTION = /^(?:--[a-z][a-z-]*|-[A-Za-z])$/;

/** As many arguments as came. The first one is the program. */
export function scrubArgumentList(args: readonly string[]): string[] {
  let program: ProgramOptions | undefined;
  let isGit = false;
  return args.map((arg, at) => {
    const [before = '', beforeThat = ''] = [args[at - 1], args[at - 2]];
    const clean = scrubOne(arg, { before, beforeThat, program, isShellText: SHELL_TEXT.test(before) && !isGit });
    const name = arg.length > 256 ? '' : (arg.split(/[\\/]/).at(-1) ?? '');
    program = optionsOf(name) ?? program;
    isGit ||= name === 'git';
    return clean;
  });
}

interface Place {
  readonly before: string;
  readonly beforeThat: string;
  readonly program: ProgramOptions | undefined;
  readonly isShellText: boolean;
}

function scrubOne(arg: string, { before, beforeThat, program, isShellText }: Place): string {
  if (isHeaderOption(before) && (before !== '-H' || isHeaderForm(arg))) return arg.startsWith('@') ? arg : scrubHeader(arg);
  if (isUserOption(before) && isLogin(arg)) return HIDDEN;
  if (program?.next?.includes(before) === true) return HIDDEN;
  const isOption = before.startsWith('-') && !/[=:]/.test(before);
  if (isOption && weightOf(before) !== undefined && !OPTION.test(arg)) return HIDDEN;
  // `aws configure set aws_secret_access_key …`, `X-Auth-Token: …` as two words.
  const isName = before.length <= MAX_NAME && !/\s/.test(before) && (isSetter(beforeThat) || /[:=]$/.test(before));
  if (isName && !before.startsWith('-') && weightOf(before) === 'secret') return HIDDEN;
  if (/^-H./.test(arg) && isHeaderForm(arg.slice(2))) return `-H${scrubHeader(arg.slice(2))}`;
  const joined = program?.joined?.find((option) => arg.startsWith(option) && arg.length > option.length);
  if (joined !== undefined && !arg.startsWith('--')) return joined + HIDDEN;
  if (/^-u[^:]+:(?!\/\/)/.test(arg) && isLogin(arg)) return `-u${HIDDEN}`;
  return isShellText ? scrubText(arg) : scrubAssignment(arg, 0);
}

/** `--api-key=…`, `TOKEN=…`, `/password:…`, `X-Auth-Token: …`, `--env=TOKEN=…`: all that follows is the value. */
function scrubAssignment(arg: string, depth: number): string {
  const found = depth < MAX_NESTED ? ASSIGNMENT.exec(arg) : null;
  if (found === null) return scrubText(arg);
  const [whole, name = '', sign] = found;
  const value = arg.slice(whole.length);
  if (value === '' || value.startsWith('//')) return scrubText(arg);
  const weight = weightOf(name);
  // A name that is short has other meanings in `name: value`.
  if (weight === 'secret' || (weight === 'short' && sign === '=')) return isNone(value) ? arg : `${whole}${valueOf(name, value)}`;
  if (isHeaderOption(name)) return `${whole}${scrubHeader(value)}`;
  if (isUserOption(name) && isLogin(value)) return `${whole}${HIDDEN}`;
  return sign === '=' && /^[\w$.-]+=/.test(value) && !/[&;]/.test(value) ? whole + scrubAssignment(value, depth + 1) : scrubText(arg);
}

function valueOf(name: string, value: string): string {
  if (/header$/i.test(name) && isHeaderForm(value)) return scrubHeader(value);
  return value.startsWith(' ') ? ` ${HIDDEN}` : HIDDEN;
}

const isNone = (value: string): boolean => /^\s*(?:true|false|yes|no|null|none|undefined)$/i.test(value);
