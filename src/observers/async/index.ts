/** Watches the queues of async 2 and 3: each value that is pushed is a task, each queue a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'async';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'async 2 and 3: tasks of queue and priorityQueue, queues, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/async\/dist\/async\.js$/, binding: 'module.exports' }, (exported) =>
      lazy().watchExports(context, exported),
    );
  },
};
