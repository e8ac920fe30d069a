/** Watches isomorphic-git 1: a git command that runs in this process, and no git at all does. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'isomorphic-git';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'isomorphic-git 1: its commands as git operations',
  how: 'shadow',
  arm(context, lazy) {
    // In Node also what an ES module imports.
    subscribeModule({ name: NAME, file: /\/node_modules\/isomorphic-git\/index\.cjs$/, binding: 'module.exports' }, (exported) =>
      lazy().watchExports(context, exported),
    );
  },
};
