/** Watches bullmq 5 and 6: each attempt of a job is a task of the worker, which knows who added it. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'bullmq';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'bullmq 5 and 6: tasks of workers, who added them, workers',
  how: 'shadow',
  arm(context, lazy) {
    const inFolder = (file: string): RegExp => new RegExp(`/node_modules/bullmq/dist/cjs/classes/${file}\\.js$`);
    const watch = (file: string, listener: (exported: unknown) => void): void => {
      subscribeModule({ name: `${NAME}.${file}`, file: inFolder(file), binding: 'module.exports' }, listener);
    };
    watch('queue-base', (exported) => lazy().watchQueues(context, exported));
    watch('flow-producer', (exported) => lazy().watchFlows(context, exported));
    watch('worker', (exported) => lazy().watchWorkers(context, exported));
  },
};
