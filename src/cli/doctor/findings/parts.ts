/** Observers and other parts of a process's recording that are off, and why. */
import type { ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

export function ofParts(process: string, parts: ProcessStatus['observers']): Finding[] {
  return Object.entries(parts).flatMap(([part, { isOn, why }]) => (isOn ? [] : [ofPart(process, part, why)]));
}

/** The code of the fault, as `src/lazy-bundles.ts` gives it. */
const PRELOAD_GONE = 'PRELOAD_GONE';

/** A part of this name stands for one that the user declared. */
const DECLARED_FUNCTION = 'function ';

/** What it means that a part other than an observer is off. */
const PARTS: Readonly<Record<string, { readonly means: string; readonly next: string }>> = {
  SWARMSCOPE_PRICES: {
    means: 'your own prices are not used, the built-in ones are',
    next: 'mend the file that SWARMSCOPE_PRICES names',
  },
  'child-process.preload-copy': {
    means: 'child processes were not watched: the preload could not be copied for them',
    next: 'set XDG_CACHE_HOME to a folder that can be written',
  },
  'content-mask': {
    means: 'no content leaves: your mask of content cannot be used',
    next: 'mend the module that SWARMSCOPE_CONTENT_MASK names, or what was given to maskContent',
  },
  threads: {
    means: 'threads that were started after the package had gone were not watched',
    next: 'start the program again once swarmscope is installed',
  },
  recorder: { means: 'nothing was recorded', next: 'report this fault of ours, with this line' },
  recording: { means: 'something was not recorded', next: 'report this fault of ours, with this line' },
};

/** `why` comes from the process's status file. */
function ofPart(process: string, part: string, why: string): Finding {
  if (why === 'SWARMSCOPE_OBSERVERS_OFF')
    return { level: 'note', text: `${process}: observer ${part} is off, as SWARMSCOPE_OBSERVERS_OFF asks` };
  if (why.includes(PRELOAD_GONE))
    return {
      level: 'problem',
      text: `${process}: ${part} was not watched from then on: swarmscope was removed or replaced while the program ran`,
      next: 'start the program again once swarmscope is installed',
    };
  if (part.startsWith(DECLARED_FUNCTION))
    return {
      level: 'problem',
      text: `${process}: swarmscope.config.json: ${part} matches nothing: ${why}`,
      next: 'name a file, from the folder of swarmscope.config.json, and a function that it exports, in "functions"',
    };
  const known = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  return known === undefined
    ? {
        level: 'problem',
        text: `${process}: observer ${part} switched itself off: ${why}`,
        next: 'report this fault of ours, with this line',
      }
    : { level: 'problem', text: `${process}: ${known.means} (${why})`, next: known.next };
}
