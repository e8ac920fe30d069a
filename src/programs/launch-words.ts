/** The words of a launch that can be seen before it starts, those of a shell's text among them. Pure. */
import { programName } from './classify.ts';
import { SHELLS } from './known.ts';
import { shellText } from './shell-words.ts';

/** Characters of a shell text that are read: a long prompt comes last. */
const MAX_SHELL_TEXT = 4_096;
/** Arguments that are looked at. Protects from lists of files. */
const MAX_ARGUMENTS = 64;

export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

/** Command by command. Outside of a shell's text there is one, with the program in front. */
export function visibleCommands({ file, args }: CommandLine): readonly (readonly string[])[] {
  const seen = args.slice(0, MAX_ARGUMENTS);
  const outer = [[file, ...seen]];
  // Also `timeout 5 sh -c '...'` and `bwrap ... sh -c '...'`.
  const isShell = [file, ...seen].some((word) => SHELLS.has(programName(word)));
  return isShell
    ? [...outer, ...seen.flatMap((arg) => (arg.includes(' ') ? shellText(arg.slice(0, MAX_SHELL_TEXT)).commands : []))]
    : outer;
}
