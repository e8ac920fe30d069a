/** Programs in a folder of PATH that print what tools of GPU drivers print: at once, in pieces, once and no more, or nothing ever. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../harness/index.ts';

export type Manner = 'loops' | 'slow' | 'hangs' | 'ends' | 'fails';

/** What the shell runs for each way to answer; `document` lies beside the program. */
const MANNERS: Readonly<Record<Manner, string>> = {
  loops: 'while :; do cat "$folder/document"; sleep 0.1; done',
  // Ten pieces, and a pause after each.
  slow: 'size=$(wc -c < "$folder/document"); part=$((size / 10 + 1)); while :; do n=0; while [ $n -lt 10 ]; do dd if="$folder/document" bs=$part skip=$n count=1 2>/dev/null; sleep 0.02; n=$((n + 1)); done; done',
  hangs: "trap '' TERM INT HUP; exec sleep 600",
  ends: 'cat "$folder/document"',
  fails: 'cat "$folder/document"; exit 9',
};

export interface FakeTool {
  /** For PATH, before what else is there. */
  readonly folder: string;
  /** Prints something else from now on. */
  print(document: string): void;
}

/** @param list What it prints for `-L`. Each start adds a line with its arguments to the file `starts`. */
export function fakeTool(name: string, manner: Manner, document: string, list = ''): FakeTool {
  const folder = freshFolder('tool');
  const print = (text: string): void => writeFileSync(join(folder, 'document'), text);
  print(document);
  writeFileSync(join(folder, 'list'), list);
  const program = join(folder, name);
  writeFileSync(
    program,
    `#!/bin/sh
folder="\${0%/*}"
echo $$ "$@" >> "$folder/starts"
[ "$1" = -L ] && exec cat "$folder/list"
${MANNERS[manner]}
`,
  );
  chmodSync(program, 0o755);
  return { folder, print };
}
