/** Tells which operation an argument list of git asks for, and which processes below a command are git's own. */
import type { GitChild } from './trace2-parser.ts';

export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Options before the command that take the next word as their value. */
const globalWithValue = words(`
  -c -C --git-dir --work-tree --namespace --exec-path --super-prefix --config-env --attr-source --list-cmds
`);

/** Options after the command that take the next word as their value; all other words without a dash are positionals. */
const optionWithValue = words(`
  -b -B -c -C -m -F -o -j -s -X -S -t -u --depth --reason --jobs --strategy --strategy-option --message --file
  --author --date --onto --branch --origin --upload-pack --receive-pack --exec --push-option --reference --template
  --separate-git-dir --orphan --create --force-create --config --filter --shallow-since --into-name
`);
/** Commands in which a short option of the list above takes no value. */
const flagIn: Readonly<Record<string, readonly string[]>> = {
  push: ['-u'],
  add: ['-u'],
  commit: ['-s', '-S', '-u'],
  merge: ['-S'],
  rebase: ['-S'],
  checkout: ['-t'],
  fetch: ['-t', '-u'],
  pull: ['-S'],
  clone: ['-s'],
  diff: ['-s', '-b'],
  status: ['-s', '-b', '-u'],
  worktree: [],
};

/** Commands whose second word says what is done. All others are named by one word, so that the names stay few. */
const subcommands: Readonly<Record<string, readonly string[]>> = {
  worktree: ['add', 'list', 'lock', 'move', 'prune', 'remove', 'repair', 'unlock'],
  stash: ['push', 'pop', 'apply', 'list', 'show', 'drop', 'clear', 'branch', 'create', 'store'],
  remote: ['add', 'remove', 'rename', 'set-url', 'get-url', 'set-head', 'set-branches', 'show', 'prune', 'update'],
  submodule: ['add', 'status', 'init', 'deinit', 'update', 'set-branch', 'set-url', 'summary', 'foreach', 'sync', 'absorbgitdirs'],
  'sparse-checkout': ['list', 'set', 'add', 'reapply', 'disable', 'init'],
  bisect: ['start', 'good', 'bad', 'new', 'old', 'skip', 'reset', 'run', 'next', 'log'],
  maintenance: ['run', 'start', 'stop', 'register', 'unregister'],
};

/** Names that span names and metric attributes are made of. A typo or a user's own `git-foo` is `other`. */
const known = words(`
  add am apply archive bisect blame branch bundle cat-file check-attr check-ignore check-ref-format checkout
  checkout-index cherry cherry-pick clean clone column commit commit-graph commit-tree config count-objects credential
  describe diff diff-files diff-index diff-tree difftool fast-export fast-import fetch filter-branch for-each-ref
  format-patch fsck gc grep hash-object help init interpret-trailers log ls-files ls-remote ls-tree maintenance merge
  merge-base merge-file merge-tree mergetool mktree multi-pack-index mv name-rev notes pack-objects pack-refs prune
  pull push range-diff read-tree rebase reflog remote repack replace rerere reset restore rev-list rev-parse revert rm
  send-email shortlog show show-branch show-ref sparse-checkout stash status submodule subtree switch symbolic-ref tag
  update-index update-ref update-server-info var verify-commit verify-pack verify-tag version whatchanged worktree write-tree lfs
  filter-repo absorb flow upload-pack receive-pack replay refs backfill
`);

/** Classes of children that execute the user's code: git below them is the user's. All others are helpers of git. */
const userChildClasses: readonly string[] = ['hook', 'shell_alias', 'editor', 'credential'];
/** Commands that hand a text of the user to a shell: `rebase --exec`, `bisect run`, `submodule foreach`. */
const textRunners = words('rebase bisect bisect--helper submodule--helper');

/** Whether this child of a command executes what the user wrote. A filter such as that of git-lfs is no command of his. */
export function isUserChild(command: { readonly name: string | undefined }, { childClass, isShell }: GitChild): boolean {
  return userChildClasses.includes(childClass) || (childClass === '?' && isShell && textRunners.has(command.name ?? ''));
}

/** Housekeeping of git, which has no span when git itself started it, even if it outlives its parent. */
export const housekeeping = words(`
  maintenance gc repack prune reflog pack-refs index-pack pack-objects unpack-objects rev-list upload-pack
  receive-pack commit-graph remote-curl fsmonitor--daemon
`);

export interface ParsedArguments {
  /** In git's spelling, `worktree add`; `other` for a command that git does not know. */
  operation: string;
  positionals: string[];
  /** Values of options; `--onto=x` and `--onto x` are the same. */
  options: ReadonlyMap<string, string>;
}

/** Reads the words of a git command line, with or without `git`. `name` is the command by git's own report, if any. */
export function parseArguments(argv: readonly string[], name?: string): ParsedArguments {
  let at = /(^|[/\\])git(\.exe)?$/.test(argv[0] ?? '') ? 1 : 0;
  while (at < argv.length && (argv[at] as string).startsWith('-')) at += globalWithValue.has(argv[at] as string) ? 2 : 1;
  const word = name ?? argv[at] ?? 'help';
  const { positionals, options } = sort(argv.slice(at + 1), word);
  const second = subcommands[word]?.find((candidate) => candidate === positionals[0]);
  if (second !== undefined) positionals.shift();
  return { operation: !known.has(word) ? 'other' : second === undefined ? word : `${word} ${second}`, positionals, options };
}

function sort(rest: readonly string[], command: string): { positionals: string[]; options: Map<string, string> } {
  const positionals: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') positionals.push(word);
    else if (word.startsWith('--') && word.includes('=')) options.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    else if (optionWithValue.has(word) && flagIn[command]?.includes(word) !== true) options.set(word, rest[(at += 1)] ?? '');
    else options.set(word, '');
  }
  return { positionals, options };
}

/** The registry's spelling: `worktree add` is `worktree_add`. */
export function operationValue(operation: string): string {
  return operation.replaceAll(/[ -]/g, '_');
}
