/**
 * What each case starts, as spans below its task: names, and how each ended (an exit code where nothing is said: 0).
 */

type Cases = Readonly<Record<string, readonly string[]>>;

const SIMPLE_GIT: Cases = {
  'init, add, commit, log, status': ['git add', 'git commit', 'git init', 'git log', 'git status'],
  'a branch that is not there': ['git add', 'git checkout: 1', 'git commit', 'git init'],
  'a chain that fails in its middle': ['git add', 'git branch x2', 'git checkout: 1', 'git commit', 'git init'],
  'a conflict, and its abort': ['git add', 'git checkout x2', 'git commit x3', 'git init', 'git merge', 'git merge: 1', 'git status x2'],
  'many at once, two by two': ['git init', 'git rev-parse x6'],
  'an environment of the caller’s': ['git commit', 'git init', 'git rev-parse'],
  'a clone, its diff, tags and stash': [
    'git add',
    'git clone',
    'git commit',
    'git diff',
    'git init',
    'git remote',
    'git stash',
    'git status',
    'git tag x2',
  ],
  'an aborted call': ['git init'],
  'a call that says nothing for too long': ['git cat-file: killed', 'git init'],
  'no folder': [],
};

const EXECA: Cases = {
  'output and arguments': ['node'],
  'an exit code': ['node: 3'],
  'no such program': ['no-such-program: ENOENT'],
  'a timeout': ['sleep: SIGTERM'],
  'a signal': ['sleep: SIGINT'],
  'a cancelled call': ['sleep: SIGTERM'],
  'too much output': ['node: SIGTERM'],
  'input, and a pipe of two': ['cat', 'tr'],
  'lines, one by one': ['printf'],
  'a transform': ['printf'],
  'messages both ways': ['node'],
  'a script by its nodeOptions': ['node'],
  'an environment of its own': ['echo'],
  'a shell text': ['sh'],
  sync: ['node'],
  'sync with an exit code': ['exit: 5'],
  git: ['git commit', 'git init', 'git rev-parse: 128', 'git status'],
};

const ZX: Cases = {
  'output and quoting': ['bash'],
  'an exit code': ['bash: 4'],
  'an exit code that is asked for': ['bash: 6', 'bash: 7'],
  'no such program': ['bash: 127'],
  'a timeout': ['bash: SIGKILL', 'ps'],
  'a killed tree': ['bash: SIGTERM', 'ps'],
  'a pipe of three': ['bash x3'],
  'input, lines and text': ['bash x3'],
  'what it prints when verbose': ['bash'],
  'a folder of its own': ['bash x2', 'git commit', 'git init', 'git log'],
  retries: ['bash', 'bash: 1 x2'],
  sync: ['bash'],
  'sync that fails': ['bash: 8'],
  'git that fails': ['bash: 1', 'git init', 'git rev-parse: 1'],
};

const CROSS_SPAWN: Cases = {
  'output and arguments': ['node'],
  'an exit code': ['sh: 9'],
  'no such program': ['no-such-program: ENOENT'],
  'a script by its first line': ['script'],
  'git that fails': ['git init', 'git rev-parse: 128'],
  sync: ['node'],
  'sync with no such program': ['no-such-program: ENOENT'],
  'sync git': ['git commit', 'git init'],
};

const LIBRARIES: Readonly<Record<string, Cases>> = {
  execa: EXECA,
  zx: ZX,
  'cross-spawn': CROSS_SPAWN,
  'simple-git 3': SIMPLE_GIT,
  'simple-git 4': SIMPLE_GIT,
};

/** By library and case, in the order in which they run. */
export const EXPECTED = new Map<string, readonly string[]>(
  Object.entries(LIBRARIES).flatMap(([library, cases]) =>
    Object.entries(cases).map(([title, spans]) => [`${library}: ${title}`, spans] as const),
  ),
);

/** zx finds the processes of a tree by ps(1). */
export const NEED_PS: readonly string[] = ['zx: a timeout', 'zx: a killed tree'];
