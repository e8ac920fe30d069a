/** What the agents may do in their worktree. Six tools are offered; the work needs four of them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { watched } from './children.mjs';

const text = (description) => ({ type: 'string', description });

export const tools = [
  { name: 'list_files', description: 'Lists all files of the project.', properties: {}, required: [] },
  { name: 'read_file', description: 'Reads a file.', properties: { path: text('Path from the root of the project.') }, required: ['path'] },
  {
    name: 'write_file',
    description: 'Writes a file, whole.',
    properties: { path: text('Path from the root of the project.'), content: text('The new content.') },
    required: ['path', 'content'],
  },
  { name: 'run_tests', description: 'Runs the tests.', properties: { path: text('One test file; all when left out.') }, required: [] },
  {
    name: 'search_code',
    description: 'Finds lines that match a regular expression.',
    properties: { pattern: text('The expression.') },
    required: ['pattern'],
  },
  { name: 'fetch_url', description: 'Reads a page of the web.', properties: { url: text('The address.') }, required: ['url'] },
];

/** Does what a model asked for; the answer is always text, also for a mistake of the model. */
export async function useTool(root, name, input) {
  try {
    return (await actions[name]?.(root, input)) ?? `There is no tool ${name}.`;
  } catch (error) {
    return `Failed: ${error.message}`;
  }
}

const actions = {
  list_files: (root) => filesOf(root).join('\n'),
  read_file: (root, { path }) => readFileSync(inside(root, path), 'utf8'),
  write_file(root, { path, content }) {
    const file = inside(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return `Wrote ${content.length} characters.`;
  },
  run_tests: (root, { path }) => runTests(root, path === undefined ? filesOf(root).filter((file) => file.endsWith('.test.mjs')) : [path]),
  search_code(root, { pattern }) {
    const expression = new RegExp(pattern);
    return filesOf(root)
      .flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .filter((line) => expression.test(line))
          .map((line) => `${file}: ${line}`),
      )
      .join('\n');
  },
  fetch_url: () => 'Not allowed here.',
};

function filesOf(root) {
  return readdirSync(root, { recursive: true })
    .filter((file) => !/^(\.git|sheets)/.test(file) && statSync(join(root, file)).isFile())
    .sort();
}

/** Models may name any path; only the worktree is theirs. */
function inside(root, path) {
  const file = resolve(root, path);
  if (relative(root, file).startsWith('..')) throw new Error(`${path} is outside of the project`);
  return file;
}

function runTests(root, files) {
  return new Promise((done) => {
    const child = execFile(process.execPath, ['--test', '--test-reporter=tap', ...files], { cwd: root }, (error, stdout) => {
      const counts = stdout.match(/^# (tests|pass|fail) \d+$/gm)?.join(', ') ?? stdout.slice(-300);
      done(`${error === null ? 'passed' : 'failed'}: ${counts}`);
    });
    watched(child);
  });
}
