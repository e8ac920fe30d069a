/** Splits shell text into commands and their words, by the rules of quoting; expansions are left as they are. Pure. */

export interface ShellText {
  readonly commands: readonly (readonly string[])[];
  /** The text substitutes, expands or redirects, so that the shell itself does some of the work. */
  readonly isMore: boolean;
}

const SEPARATORS = new Set([';', '&', '|', '\n', '(', ')']);
const MORE = new Set(['`', '$', '<', '>']);

/** @example shellText("cd x && claude -p 'a; b'").commands // [['cd', 'x'], ['claude', '-p', 'a; b']] */
export function shellText(text: string): ShellText {
  const commands: string[][] = [];
  let current: string[] = [];
  let word: string | undefined;
  let quote = '';
  let isMore = false;
  const endWord = (): void => {
    if (word !== undefined) current.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (current.length > 0) commands.push(current);
    current = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"') word = (word ?? '') + (text[++at] ?? '');
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\') {
      word = (word ?? '') + (text[++at] ?? '');
    } else if (SEPARATORS.has(character)) {
      endCommand();
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      if (MORE.has(character)) isMore = true;
      word = (word ?? '') + character;
    }
  }
  endCommand();
  return { commands, isMore };
}
