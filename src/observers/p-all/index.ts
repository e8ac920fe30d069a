/** Watches p-all 4 and 5: each function of a list is a task, each call a batch. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'p-all';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'p-all 4 and 5: tasks, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/p-all\/index\.js$/, binding: 'pAll' }, (exported) =>
      lazy().watchedFunction(context, exported),
    );
  },
};
