/** Claude Code: `projects/<folder>/<sessionId>.jsonl`, with sub-agents below the session's own folder. */
import { join } from 'node:path';
import type { LinesFormat } from '../format.ts';
import { openClaude, placeOf } from './rows.ts';

export const claude: LinesFormat = {
  kind: 'lines',
  agent: 'claude',
  maxDepth: 4,
  roots({ CLAUDE_CONFIG_DIR, XDG_CONFIG_HOME }, home) {
    const named = (CLAUDE_CONFIG_DIR ?? '').split(',').flatMap((path) => path.trim() || []);
    const folders = named.length > 0 ? named : [join(home, '.claude'), join(XDG_CONFIG_HOME || join(home, '.config'), 'claude')];
    return folders.map((folder) => join(folder, 'projects'));
  },
  isSession: (path) => path.endsWith('.jsonl'),
  idOf(path) {
    const { sessionId, subagent } = placeOf(path);
    return subagent === undefined ? sessionId : undefined;
  },
  open: openClaude,
};
