/** Watches workerpool 9 and 10: each method or function that is executed is a task, each pool of workers a pool. */
import { subscribeModule } from '../../hooks/module-load.ts';
import { watchReceivers } from '../../hooks/process/received-messages.ts';
import type { Observer } from '../observer.ts';

const NAME = 'workerpool';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'workerpool 9 and 10: tasks, pools of threads and processes, what a task does in them',
  how: 'shadow',
  arm(context, lazy) {
    const inFolder = (file: string): RegExp => new RegExp(`/node_modules/workerpool/src/${file}\\.js$`);
    subscribeModule({ name: NAME, file: inFolder('Pool'), binding: 'module.exports' }, (exported) => lazy().watchPools(context, exported));
    subscribeModule({ name: `${NAME}.handler`, file: inFolder('WorkerHandler'), binding: 'module.exports' }, (exported) =>
      lazy().watchHandlers(context, exported),
    );
    let stop: (() => void) | undefined;
    const worker = { name: `${NAME}.worker`, file: inFolder('worker'), binding: 'module.exports' };
    const before = (): void => {
      stop = watchReceivers((messages, fn) => lazy().runCarried(context, messages, fn));
    };
    subscribeModule({ ...worker, before }, () => stop?.());
  },
};
