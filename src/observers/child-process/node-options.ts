/** Reads NODE_OPTIONS and Node's arguments as Node does, and removes a preload that would end a child. Pure. */
import { NODE_VALUES } from '../../programs/known.ts';
import { firstOperand } from '../../programs/operands.ts';

interface Word {
  /** As it is written, with quotes and escapes. */
  readonly raw: string;
  readonly value: string;
}

const FLAG = /^(?:--require|--import|-r)$/;
const JOINED = /^(?:--require|--import|-r)=(.*)$/;
/** A bare name, or a path into node_modules, which an `npm ci` removes. */
const OURS = /^(?:swarmscope\/register|(?:.*[\\/])?node_modules[\\/]swarmscope[\\/]dist[\\/]register\.cjs)$/;
/** What children are handed: the program in the option itself, and the private copy that an older version names. */
const INHERITED = /^data:text\/javascript;swarmscope;|[\\/]swarmscope[\\/]preload[\\/][^\\/]+[\\/]register\.cjs$/;

/** `options` without our preload in any form; undefined where Node refuses it (an open quote). */
export function withoutPreload(options: string): string | undefined {
  return without(options, [OURS, INHERITED]);
}

/** `options` without what only children are handed; undefined in the same case. */
export function withoutInheritedPreload(options: string): string | undefined {
  return without(options, [INHERITED]);
}

function without(options: string, patterns: readonly RegExp[]): string | undefined {
  const words = wordsOf(options);
  return words === undefined ? undefined : filtered(words, patterns).join(' ');
}

function filtered(words: readonly Word[], patterns: readonly RegExp[]): string[] {
  const kept: string[] = [];
  const isOurs = (value: string): boolean => patterns.some((pattern) => pattern.test(value));
  for (let at = 0; at < words.length; at += 1) {
    const { raw, value } = words[at] ?? { raw: '', value: '' };
    const next = words[at + 1]?.value;
    if (FLAG.test(value) && next !== undefined && isOurs(next)) at += 1;
    else if (!isOurs(JOINED.exec(value)?.[1] ?? '')) kept.push(raw);
  }
  return kept;
}

/** The same for arguments, which `fork` and `cluster` pass on into other folders; undefined where they hold none. */
export function argumentsWithoutPreload(args: readonly string[]): string[] | undefined {
  const end = firstOperand(args, NODE_VALUES);
  const flags = args.slice(0, end).map((raw) => ({ raw, value: raw }));
  const kept = filtered(flags, [OURS]);
  return kept.length === flags.length ? undefined : [...kept, ...args.slice(end)];
}

/** Spaces separate words; quotes join them, a backslash escapes within quotes: Node's `ParseNodeOptionsEnvVar`. */
function wordsOf(options: string): Word[] | undefined {
  const words: Word[] = [];
  let raw = '';
  let value = '';
  let isQuoted = false;
  const end = (): void => {
    if (raw !== '') words.push({ raw, value });
    raw = '';
    value = '';
  };
  for (let at = 0; at < options.length; at += 1) {
    const character = options[at] ?? '';
    if (character === ' ' && !isQuoted) {
      end();
      continue;
    }
    raw += character;
    if (character === '\\' && isQuoted) {
      const escaped = options[++at];
      if (escaped === undefined) return undefined;
      raw += escaped;
      value += escaped;
    } else if (character === '"') isQuoted = !isQuoted;
    else value += character;
  }
  end();
  return isQuoted ? undefined : words;
}
