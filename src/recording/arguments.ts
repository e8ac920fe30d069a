/** The argument list of a launch as it may be recorded where content is asked for: bounded, and without credentials. */
import { scrubArgumentList } from '../semconv/credentials/index.ts';

const MAX_ARGUMENTS = 64;
const MAX_ARGUMENT_CHARACTERS = 256;
/** Characters of one argument that are searched, and a margin for what lies across that place. */
const MAX_SEARCHED = 4_096;
const MARGIN = 512;

/** At most 64 arguments of 256 characters. */
export function scrubArguments(args: readonly string[]): string[] {
  const searched = args.slice(0, MAX_ARGUMENTS).map((arg) => arg.slice(0, MAX_SEARCHED));
  return scrubArgumentList(searched).map((clean, at) => {
    const isCut = (args[at]?.length ?? 0) > MAX_SEARCHED;
    return (isCut ? clean.slice(0, -MARGIN) : clean).slice(0, MAX_ARGUMENT_CHARACTERS);
  });
}
