/** Watches async 2 and 3: each value that is pushed is a task, each item of a call with a limit is one. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'async';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'async 2 and 3: tasks of queue, priorityQueue, map, each and parallel with their limits, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/async\/dist\/async\.js$/, binding: 'module.exports' }, (exported) =>
      lazy().watchExports(context, exported),
    );
  },
};
