/** Codex: `sessions/<year>/<month>/<day>/rollout-<time>-<id>.jsonl`, and `archived_sessions`. */
import { join } from 'node:path';
import type { LinesFormat } from '../format.ts';
import { openCodex, rolloutId } from './rows.ts';

export const codex: LinesFormat = {
  kind: 'lines',
  agent: 'codex',
  maxDepth: 4,
  roots({ CODEX_HOME }, home) {
    const folder = CODEX_HOME || join(home, '.codex');
    return [join(folder, 'sessions'), join(folder, 'archived_sessions')];
  },
  isSession: (path) => /(?:^|\/)rollout-[^/]*\.jsonl$/.test(path),
  idOf: rolloutId,
  open: openCodex,
};
