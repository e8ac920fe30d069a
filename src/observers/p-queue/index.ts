/** Watches p-queue 6 to 10: each added function is a task, each queue a pool; tasks added together are a batch. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'p-queue';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'p-queue 6 to 10: tasks, queues, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/p-queue\/dist\/index\.js$/, binding: 'PQueue' }, (exported) =>
      lazy().watchClass(context, exported),
    );
  },
};
