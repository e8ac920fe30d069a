/** Watches bull 3 and 4: each attempt of a job is a task of the process that works on it, which knows who added it. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'bull';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'bull 3 and 4: tasks of workers, who added them, workers',
  how: 'shadow',
  arm(context, lazy) {
    const inFolder = (file: string): RegExp => new RegExp(`/node_modules/bull/lib/${file}\\.js$`);
    subscribeModule({ name: NAME, file: inFolder('queue'), binding: 'module.exports' }, (exported) =>
      lazy().watchQueues(context, exported),
    );
    subscribeModule({ name: `${NAME}.job`, file: inFolder('job'), binding: 'module.exports' }, (exported) =>
      lazy().watchJobs(context, exported),
    );
  },
};
