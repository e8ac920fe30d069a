/** Watches p-limit 3 to 7: each function that is limited is a task, each limiter a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'p-limit';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'p-limit 3 to 7: tasks, limiters, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/p-limit\/index\.js$/, binding: 'pLimit' }, (exported) =>
      lazy().watchedFactory(context, exported),
    );
  },
};
