/** Keeps the budgets of a run together: files in the run's folder, to which each process adds, and which its root reads. */
import { join } from 'node:path';
import { CONFIG_FILE, readConfigFile } from '../config/config-file.ts';
import { cancel, later, type Timer } from '../config/originals.ts';
import type { SettingProblem } from '../config/settings/index.ts';
import { appendLine } from '../config/write-whole.ts';
import type { BudgetBook, BudgetLink, BudgetMessage } from '../recording/budgets/index.ts';
import { readMessage } from '../recording/budgets/read.ts';
import { LineTail, sizeOf } from '../root/line-tail.ts';
import type { RunLink } from '../root/index.ts';

/** In the run's folder: what is declared, allocated and released, a line each; and what calls have spent. */
const DECLARED_FILE = 'budgets';
const CHARGES_FILE = 'charges';
/** An overrun is told within a second of the call that caused it, also where that call was made by another process. */
const LOOK_MS = 250;
/** Between two charges of the time of what is under way in another process than the root. */
const OPEN_WORK_MS = 500;
/** Of all that calls of other processes have spent: millions of calls. */
const MAX_CHARGES_BYTES = 1_073_741_824;

export interface BudgetsOptions {
  readonly run: Pick<RunLink, 'role' | 'runFolder' | 'environment'>;
  readonly book: BudgetBook;
  readonly count: (name: string) => void;
  /** Told of what is wrong in the config file. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

export interface BudgetsDuty {
  /** What was refused, for `doctor`. */
  problems(): SettingProblem[];
  /** Takes what other processes have told. */
  look(): void;
  /** The process ends: looks once more. The last collection still takes what is told until then. */
  stop(): void;
}

export function startBudgets({ run, book, count, onProblem = () => undefined }: BudgetsOptions): BudgetsDuty {
  const isRoot = run.role === 'root';
  book.connect(linkOf(run, isRoot, count), () => {
    if (isRoot) for (const problem of declareConfigured(book)) onProblem(problem);
  });
  const look = (): void => {
    book.chargeOpenWork();
    if (isRoot) book.refresh();
  };
  let timer: Timer | undefined;
  const lookLater = (): void => {
    timer = later(isRoot ? LOOK_MS : OPEN_WORK_MS, () => {
      timer = undefined;
      look();
      // Hundreds of processes that wait for work are not woken.
      if (isRoot || book.hasOpenWork) lookLater();
    });
  };
  if (isRoot || book.hasOpenWork) lookLater();
  if (!isRoot) book.onWork = () => timer ?? lookLater();
  return {
    problems: () => book.problems.map(({ field, expected, received }) => ({ env: field, expected, received })),
    look,
    stop() {
      cancel(timer);
      look();
    },
  };
}

function linkOf(run: BudgetsOptions['run'], isRoot: boolean, count: (name: string) => void): BudgetLink {
  let tails: { readonly folder: string; readonly declared: LineTail; readonly charges: LineTail } | undefined;
  const bad = (): void => count('budget.bad-line');
  const tailsIn = (folder: string): NonNullable<typeof tails> => {
    if (tails?.folder === folder) return tails;
    return (tails = {
      folder,
      declared: new LineTail(join(folder, DECLARED_FILE), bad),
      charges: new LineTail(join(folder, CHARGES_FILE), bad),
    });
  };
  const read = (tail: LineTail): BudgetMessage[] =>
    tail.read().flatMap((line) => {
      const message = readMessage(line);
      if (message === undefined) bad();
      return message ?? [];
    });
  return {
    isRoot,
    tell(message) {
      // The root's folder is made by this: threads and children find the budgets there.
      if (isRoot) run.environment();
      const { runFolder } = run;
      if (runFolder === undefined) return false;
      const path = join(runFolder, 'charge' in message ? CHARGES_FILE : DECLARED_FILE);
      if ('charge' in message && sizeOf(path) > MAX_CHARGES_BYTES) return false;
      try {
        appendLine(path, JSON.stringify(message));
        return true;
      } catch {
        // A full disk, or the run is over.
        return false;
      }
    },
    hasAny: () => run.runFolder !== undefined && sizeOf(join(run.runFolder, DECLARED_FILE)) > 0,
    news() {
      const { runFolder } = run;
      if (runFolder === undefined) return [];
      const { declared, charges } = tailsIn(runFolder);
      const told = read(declared);
      return isRoot ? [...told, ...read(charges)] : told;
    },
  };
}

/** What was wrong, a sentence each. */
function declareConfigured(book: BudgetBook): string[] {
  let at: string;
  try {
    at = process.cwd();
  } catch {
    // The working folder was removed.
    return [];
  }
  const found = readConfigFile(at);
  if (found === undefined) return [];
  if ('problem' in found) return [book.refuse({ field: CONFIG_FILE, expected: 'a JSON object', received: found.problem })];
  const { budgets } = found.config;
  if (budgets === undefined) return [];
  if (Array.isArray(budgets)) return book.declareAll(budgets);
  return [book.refuse({ field: `${CONFIG_FILE}: budgets`, expected: 'a list of budgets', received: typeof budgets })];
}
