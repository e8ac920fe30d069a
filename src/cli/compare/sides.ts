/** The two sides of a comparison: stored runs by id, or reports in JSON files. */
import { existsSync } from 'node:fs';
import { analyse, sideOf, type RunReport, type Side } from '../../analysis/index.ts';
import { readNamed } from '../../config/small-file.ts';
import { SwarmscopeError } from '../errors.ts';
import { readStoredRun, storedRuns } from '../stored.ts';

/** Reports of the largest runs are a few MB. */
const MAX_REPORT_BYTES = 64 * 1024 ** 2;

/** The id of a run or its beginning, `latest`, or the JSON file of a report. @throws SwarmscopeError `RUN_NOT_FOUND`, `STORE`, `FILE` */
export function readSide(runOrFile: string): Side {
  return isFile(runOrFile) ? sideInFile(runOrFile) : sideOfReport(analyse(readStoredRun(runOrFile)));
}

/** By what a file looks like, or because it is there: ids of runs have no slash and no ending. */
const isFile = (text: string): boolean => text.includes('/') || text.endsWith('.json') || existsSync(text);

export function sideOfReport(report: RunReport): Side {
  const side = sideOf(report);
  if (side === undefined) throw new TypeError('a report that cannot be compared');
  return side;
}

function sideInFile(file: string): Side {
  let report: unknown;
  try {
    report = JSON.parse(readNamed(file, MAX_REPORT_BYTES).toString('utf8'));
  } catch (cause) {
    const why =
      cause instanceof SyntaxError
        ? 'it is no JSON'
        : (cause as NodeJS.ErrnoException).code === 'ENOENT'
          ? 'no such file'
          : (cause as Error).message;
    throw new SwarmscopeError('FILE', `Cannot read ${file}: ${why}. Name a run, or a file that "swarmscope report --json FILE" wrote.`, {
      cause,
    });
  }
  const side = sideOf(report);
  if (side !== undefined) return side;
  throw new SwarmscopeError(
    'FILE',
    `Cannot compare with ${file}: it is no report of swarmscope. Write one with "swarmscope report --json FILE".`,
  );
}

/** The run before the last one: of the same name, if there is one. @throws SwarmscopeError `RUN_NOT_FOUND` */
export function runBefore(after: Side): string {
  const others = storedRuns().filter(({ id, run }) => run !== undefined && id !== after.run.id && run.startMs <= after.run.startMs);
  const found = others.find(({ run }) => run?.name === after.run.name) ?? others[0];
  if (found !== undefined) return found.id;
  throw new SwarmscopeError(
    'RUN_NOT_FOUND',
    'There is no run before this one to compare it with. "swarmscope runs" lists them; a report in a JSON file can be named, too.',
  );
}

/** Wall times of finished runs of the same name, without these two. */
export function historyOf(before: Side, after: Side): number[] {
  if (before.run.name !== after.run.name) return [];
  const known = new Set([before.run.id, after.run.id]);
  return storedRuns().flatMap(({ id, run }) =>
    run?.name === after.run.name && run.endMs !== undefined && !known.has(id) ? [run.endMs - run.startMs] : [],
  );
}
