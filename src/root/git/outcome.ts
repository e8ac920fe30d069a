/** How a git command ended, in words of low cardinality, from its exit code and error messages. Pure. */
import { words, type ParsedArguments } from './operations.ts';

/** The first match counts. All but names of lock files are English: for other languages the exit code decides. */
const messages: readonly { readonly type: string; readonly pattern: RegExp }[] = [
  // git explains a lock that is there in a second paragraph, in every language; a folder that is read-only has none.
  { type: 'lock_held', pattern: /\.lock': [^\n]*\n\n|could not lock config file .*: File exists|cannot lock references/i },
  {
    type: 'auth_failed',
    pattern:
      /authentication failed|could not read (username|password)|permission denied \(|invalid username or|terminal prompts disabled|returned error: 40[13]/i,
  },
  { type: 'timeout', pattern: /timed? ?out/i },
  {
    type: 'unresolved_conflict',
    pattern: /unmerged files|unresolved conflict|you have not concluded|resolve your current index first|needs merge/i,
  },
  { type: 'non_fast_forward', pattern: /not possible to fast-forward|divergent branches/i },
];

/** What `git push` says last of every refusal: of a hook's, of the server's, and of its own. */
const PUSH_FAILED = /failed to push some refs/i;

export interface Ending extends Pick<ParsedArguments, 'operation' | 'options' | 'positionals'> {
  exitCode: number | undefined;
  signal: number | undefined;
  errors: readonly string[];
  /** It left files in conflict, or git said so. */
  isConflict: boolean;
  /** It met the lock of another process and did not say so. */
  isLocked: boolean;
  /** A hook said no. */
  isHookFailed: boolean;
  /** A push sent objects: then the other side refused. */
  hasSent: boolean;
}

/** `error.type` of a git command; undefined when it succeeded. */
export function gitErrorType(ending: Ending): string | undefined {
  const { exitCode, errors } = ending;
  if (ending.signal !== undefined) return 'signal';
  if (exitCode === undefined) return 'killed';
  if (exitCode === 0 || isAnswer(ending)) return undefined;
  if (ending.isConflict) return 'merge_conflict';
  const matched = messages.find(({ pattern }) => errors.some((message) => pattern.test(message)));
  if (matched !== undefined) return matched.type;
  if (ending.isLocked) return 'lock_held';
  if (ending.isHookFailed) return 'hook_failed';
  return isBehind(ending) ? 'non_fast_forward' : String(exitCode);
}

/** A push that git itself refused before it sent anything: the branch is behind. A tag that is there is refused too. */
function isBehind({ operation, options, positionals, errors, hasSent }: Ending): boolean {
  if (operation !== 'push' || hasSent || !errors.some((message) => PUSH_FAILED.test(message))) return false;
  return !options.has('--tags') && !positionals.some((word) => word === 'tag' || word.includes('refs/tags/'));
}

/** Exit codes by which a command answers what it was asked, such as whether there is a difference. */
interface Answer {
  readonly operations: ReadonlySet<string>;
  readonly codes: readonly number[];
  /** Only with one of these options. */
  readonly options?: ReadonlySet<string>;
  /** Also where it says why: a script that asks whether a name is there expects either. */
  readonly isLoud?: true;
}

const answers: readonly Answer[] = [
  { operations: words('diff diff-files diff-index diff-tree difftool log show'), codes: [1, 2, 3] },
  {
    operations: words(`
      cat-file check-ignore check-ref-format config grep help merge-base merge-tree reflog show-ref symbolic-ref
      update-index var verify-commit verify-tag
    `),
    codes: [1],
  },
  { operations: new Set(['stash show', 'stash list']), codes: [1] },
  { operations: words('config'), codes: [5] },
  { operations: words('ls-remote'), codes: [2] },
  { operations: words('commit'), codes: [1], options: words('--dry-run --short --porcelain --long') },
  { operations: words('apply'), codes: [1], options: words('--check'), isLoud: true },
  { operations: words('ls-files'), codes: [1], options: words('--error-unmatch'), isLoud: true },
  { operations: words('notes'), codes: [1], isLoud: true },
  { operations: new Set(['remote get-url']), codes: [2], isLoud: true },
  { operations: words('refs show-ref'), codes: [1, 2, 128], isLoud: true },
  { operations: words('cat-file'), codes: [1, 128], options: words('-e'), isLoud: true },
  { operations: new Set(['rev-parse', 'symbolic-ref', 'describe', 'sparse-checkout list']), codes: [1, 128], isLoud: true },
];

function isAnswer({ operation, options, exitCode = 0, errors }: Ending): boolean {
  // Usage that was asked for; git says the same code to a wrong option.
  if (exitCode === 129 && (options.has('-h') || options.has('--help-all'))) return true;
  // The number of conflicts between three files, none of which need be in a repository.
  if (operation === 'merge-file') return exitCode < 128 && errors.length === 0;
  return answers.some(
    (answer) =>
      answer.operations.has(operation) &&
      answer.codes.includes(exitCode) &&
      (answer.isLoud === true || errors.length === 0) &&
      (answer.options === undefined || [...answer.options].some((option) => options.has(option))),
  );
}
