/** A listener on the process that Node never warns of: an app may have ten of its own, the most without a warning. */

type Listener = (...args: unknown[]) => void;
/** Node notes here that it has warned of an event. */
type List = Listener[] & { warned?: boolean };

/** Adds `listener` last for `event`; it steps aside while the app adds one at the limit. Returns what removes it. */
export function listenQuietly(event: 'exit' | 'beforeExit', listener: () => void): () => void {
  const emitter: NodeJS.EventEmitter = process;
  let isAdding = false;
  let isGone = false;
  const add = (): void => {
    if (isGone) return;
    const list = (process as unknown as { _events?: Record<string, List | Listener | undefined> })._events?.[event];
    const hasWarned = typeof list === 'object' ? list.warned : undefined;
    if (typeof list === 'object') list.warned = true;
    isAdding = true;
    emitter.on(event, listener);
    isAdding = false;
    if (typeof list === 'object') list.warned = hasWarned === true;
  };
  /** Told before the listener is added. */
  const onNew = (added: string | symbol): void => {
    const limit = emitter.getMaxListeners();
    if (added !== event || isAdding || isGone || limit === 0 || emitter.listenerCount(event) < limit) return;
    emitter.removeListener(event, listener);
    queueMicrotask(add);
  };
  add();
  emitter.on('newListener', onNew);
  return () => {
    isGone = true;
    emitter.removeListener('newListener', onNew);
    emitter.removeListener(event, listener);
  };
}
