/** Watches fastq 1: each value that is pushed is a task, each queue a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'fastq';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'fastq 1: tasks, queues, batches',
  how: 'shadow',
  arm(context, lazy) {
    subscribeModule({ name: NAME, file: /\/node_modules\/fastq\/queue\.js$/, binding: 'fastqueue' }, (exported) =>
      lazy().watchedFactory(context, exported),
    );
  },
};
