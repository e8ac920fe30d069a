/** Reads NODE_OPTIONS as Node does and takes out a preload of ours that a child in another folder would die of. Pure. */

interface Word {
  /** As written, quotes and escapes included. */
  readonly raw: string;
  readonly value: string;
}

const FLAG = /^(?:--require|--import|-r)$/;
const JOINED = /^(?:--require|--import|-r)=(.*)$/;
/** A bare name, or a path into node_modules, which an `npm ci` takes away. */
const OURS = /^(?:swarmscope\/register|(?:.*[\\/])?node_modules[\\/]swarmscope[\\/]dist[\\/]register\.cjs)$/;

/**
 * `options` without the words that load our preload by a bare name or from node_modules, everything else as it was written.
 * undefined where Node itself would refuse the text (a quote without an end): then it is better left alone.
 */
export function withoutPreload(options: string): string | undefined {
  const words = wordsOf(options);
  if (words === undefined) return undefined;
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const { raw, value } = words[at] ?? { raw: '', value: '' };
    const next = words[at + 1]?.value;
    if (FLAG.test(value) && next !== undefined && OURS.test(next)) at += 1;
    else if (!OURS.test(JOINED.exec(value)?.[1] ?? '')) kept.push(raw);
  }
  return kept.join(' ');
}

/** Words are parted by spaces; double quotes join, a backslash escapes inside them. See Node's `ParseNodeOptionsEnvVar`. */
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
