/** How a git command ended, in words of low cardinality, from its exit code and error messages. Pure. */
import { words } from './operations.ts';

/** Commands that end with exit code 1 and without an error message when contents conflict. */
const conflicting = new Set(['merge', 'rebase', 'cherry-pick', 'revert', 'pull', 'stash pop', 'stash apply', 'am']);

/** The first match counts. All but names of lock files are English: for other languages the exit code decides. */
const messages: readonly { readonly type: string; readonly pattern: RegExp }[] = [
  { type: 'lock_held', pattern: /\.lock'|could not lock config file/i },
  {
    type: 'auth_failed',
    pattern:
      /authentication failed|could not read (username|password)|permission denied \(|invalid username or|terminal prompts disabled|returned error: 40[13]/i,
  },
  { type: 'timeout', pattern: /timed? ?out/i },
  { type: 'merge_conflict', pattern: /unmerged files|unresolved conflict|you have not concluded|could not apply|merge conflict/i },
  { type: 'non_fast_forward', pattern: /failed to push some refs|not possible to fast-forward|non-fast-forward|divergent branches/i },
];

export interface Ending {
  operation: string;
  exitCode: number | undefined;
  signal: number | undefined;
  errors: readonly string[];
}

/** `error.type` of a git command; undefined when it succeeded. */
export function gitErrorType({ operation, exitCode, signal, errors }: Ending): string | undefined {
  if (signal !== undefined) return 'signal';
  if (exitCode === undefined) return 'killed';
  if (exitCode === 0) return undefined;
  // For diff, grep and others exit code 1 is an answer and not a failure.
  if (exitCode === 1 && errors.length === 0 && answering.has(operation)) return undefined;
  const matched = messages.find(({ pattern }) => errors.some((message) => pattern.test(message)));
  if (matched !== undefined) return matched.type;
  return exitCode === 1 && conflicting.has(operation) ? 'merge_conflict' : String(exitCode);
}

const answering = words(`
  diff diff-files diff-index diff-tree grep merge-base show-ref config check-ignore ls-files symbolic-ref rev-parse
  ls-remote merge-tree
`);

export function canConflict(operation: string): boolean {
  return conflicting.has(operation);
}
