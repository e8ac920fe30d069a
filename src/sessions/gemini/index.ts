/** Gemini CLI: `tmp/<project>/chats/session-<time>-<id>.jsonl`; older versions wrote `.json`, one value. */
import { join } from 'node:path';
import type { LinesFormat, WholeFormat } from '../format.ts';
import { openGemini } from './rows.ts';

const placed = {
  agent: 'gemini',
  maxDepth: 4,
  roots: ({ GEMINI_CLI_HOME }: Readonly<Record<string, string | undefined>>, home: string) => [
    join(GEMINI_CLI_HOME || home, '.gemini', 'tmp'),
  ],
  idOf: () => undefined,
  open: openGemini,
};

export const gemini: LinesFormat = {
  ...placed,
  kind: 'lines',
  isSession: (path) => /(?:^|\/)chats\/(?:[^/]+\/)?[^/]+\.jsonl$/.test(path),
};

export const geminiWhole: WholeFormat = {
  ...placed,
  kind: 'whole',
  isSession: (path) => /(?:^|\/)chats\/(?:[^/]+\/)?session-[^/]*\.json$/.test(path),
};
