/** Watches p-map 6 and 7: each item is a task, each call a batch. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'p-map';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'p-map 6 and 7: tasks, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/p-map\/index\.js$/, binding: 'pMap' }, (exported) =>
      lazy().watchedFunction(context, exported),
    );
  },
};
