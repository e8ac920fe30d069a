// Checks that no tracked file tells of the machine or the registry it was written with.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { root: { type: 'string', default: join(import.meta.dirname, '..') } } });
const root = resolve(values.root);

/** Larger files are data; reading them costs more than they can tell. */
const maxBytes = 5_000_000;

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Names that examples and tests may use in a made-up path. */
const madeUpUsers = 'me|you|user|dev|alice|bob|carol|someone|x|u|a|b';

const forbidden: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${literal(root)}(?![\\w-])`), 'the path of this checkout'],
  ...(homedir() === '/root' ? [] : [[new RegExp(`${literal(homedir())}/`), 'the home folder of who wrote it'] as const]),
  [new RegExp(`/(?:home|Users)/(?!(?:${madeUpUsers})/)[a-z][\\w.-]*/`), 'a home folder (use /home/me in examples)'],
  [/\/work\/(?:main|shared|notes)\b/, 'a path of one machine'],
  [/registry\.(?:npmjs|yarnpkg)\.|"resolved":\s"http/, 'a registry host'],
];

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '');
const faults: string[] = [];
let read = 0;
for (const file of files) {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || found.size > maxBytes) continue;
  const text = readFileSync(join(root, file), 'utf8');
  read += 1;
  if (text.includes('\0')) continue;
  for (const [pattern, what] of forbidden) {
    const hit = pattern.exec(text);
    if (hit !== null) faults.push(`  ${file}:${text.slice(0, hit.index).split('\n').length}: ${what}: ${hit[0]}`);
  }
}
console.log(`tracked files: read ${read} of ${files.length}, ${faults.length} tell of a machine`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 && read > 0 ? 0 : 1;
