/** opencode: `opencode.db`, and one for each channel of its releases. */
import { dirname, join } from 'node:path';
import type { DatabaseFormat } from '../format.ts';
import { openOpencode } from './database.ts';

export const opencode: DatabaseFormat = {
  kind: 'database',
  agent: 'opencode',
  maxDepth: 1,
  roots({ OPENCODE_DATA_DIR, OPENCODE_DB, XDG_DATA_HOME }, home) {
    const folder = OPENCODE_DATA_DIR || join(XDG_DATA_HOME || join(home, '.local', 'share'), 'opencode');
    return OPENCODE_DB?.startsWith('/') === true ? [folder, dirname(OPENCODE_DB)] : [folder];
  },
  isSession: (path) => /^opencode[^/]*\.db$/.test(path),
  idOf: () => undefined,
  open: openOpencode,
};
