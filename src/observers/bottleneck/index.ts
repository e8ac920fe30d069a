/** Watches bottleneck 2: each function that is scheduled is a task, each limiter a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'bottleneck';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'bottleneck 2: tasks of schedule and wrap, limiters, batches',
  how: 'shadow',
  arm(context, lazy) {
    const inFolder = (file: string): RegExp => new RegExp(`/node_modules/bottleneck/lib/${file}\\.js$`);
    subscribeModule({ name: NAME, file: inFolder('Bottleneck'), binding: 'module.exports' }, (exported) =>
      lazy().watchClass(context, exported),
    );
    subscribeModule({ name: `${NAME}.job`, file: inFolder('Job'), binding: 'module.exports' }, (exported) => lazy().watchJobs(exported));
  },
};
