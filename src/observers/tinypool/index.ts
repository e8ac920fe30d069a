/** Watches tinypool 1 and 2: each task that is run is a task of the swarm, each pool of threads or processes a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'tinypool';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'tinypool 1 and 2: tasks, pools of threads and processes, what a task does in them',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/tinypool\/dist\/index\.js$/, binding: 'ThreadPool' }, (exported) =>
      lazy().watchPools(context, exported),
    );
    const worker = { name: `${NAME}.worker`, file: /\/node_modules\/tinypool\/dist\/entry\/(?:worker|process)\.js$/, binding: 'onMessage' };
    subscribeModule(worker, (exported) => lazy().watchedReceiver(context, exported));
  },
};
