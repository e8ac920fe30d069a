/** Options that are followed by a header, by a user with a password, or by a secret of their program. Pure. */
import { weightOf } from './names.ts';
import { HIDDEN, KNOWN_HEADERS, LINE_HEADERS, PROGRAM_OPTIONS, SETTERS, USER_OPTIONS, words, type ProgramOptions } from './table.ts';

const HEADER = /^\s*([A-Za-z0-9][\w-]{0,63})\s*:(?!\/\/)/;

const makeLists = () => ({
  headers: new Set([...words(KNOWN_HEADERS), ...words(LINE_HEADERS)]),
  users: new Set(words(USER_OPTIONS)),
  setters: new Set(words(SETTERS)),
  programs: new Map<string, ProgramOptions>(Object.entries(PROGRAM_OPTIONS)),
});
let lists: ReturnType<typeof makeLists> | undefined;
const known = (): ReturnType<typeof makeLists> => (lists ??= makeLists());

export function optionsOf(program: string): ProgramOptions | undefined {
  return known().programs.get(program.replace(/\.exe$/i, '').toLowerCase());
}

/** The value of an option for headers: a name that is known or speaks of a secret stays. */
export function scrubHeader(header: string): string {
  const name = HEADER.exec(header)?.[1];
  const isShown = name !== undefined && (known().headers.has(name.toLowerCase()) || weightOf(name) !== undefined);
  return isShown ? `${name}: ${HIDDEN}` : HIDDEN;
}

export const isHeaderForm = (text: string): boolean => HEADER.test(text);
export const isHeaderOption = (option: string): boolean => option === '-H' || /^-{1,2}[\w-]{0,40}headers?$/i.test(option);
export const isUserOption = (option: string): boolean => known().users.has(option);
export const isSetter = (word: string): boolean => known().setters.has(word);
/** `1000:1000` of a container is no password, and a URL is read as one. */
export const isLogin = (text: string): boolean => text.includes(':') && !text.includes('://') && !/^["'\\]*\d+:\d+["'\\]*$/.test(text);
