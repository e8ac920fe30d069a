/** Watches piscina 4 and 5: each task that is run is a task of the swarm, each pool of threads a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'piscina';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'piscina 4 and 5: tasks, pools of threads, what a task does in its thread',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/piscina\/dist\/index\.js$/, binding: 'ThreadPool' }, (exported) =>
      lazy().watchPools(context, exported),
    );
    subscribeModule({ name: `${NAME}.worker`, file: /\/node_modules\/piscina\/dist\/worker\.js$/, binding: 'onMessage' }, (exported) =>
      lazy().watchedReceiver(context, exported),
    );
  },
};
