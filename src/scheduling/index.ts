/** What queues, pools and limiters have in common: jobs that wait, run and end, their batches and their gauges. */
export { watchCalls, type Calls, type MapCall, type OpenCall } from './calls.ts';
export { oneNamed, taskName } from './names.ts';
export { placesAbove } from './places.ts';
export { watchSchedulers, type AddedTask, type SchedulerLibrary, type Schedulers } from './schedulers.ts';
export type { Job, JobOptions, RunningJob, Scheduler } from './scheduler.ts';
export { StoredTasks, type StoredTask } from './stored-tasks.ts';
export type { Task } from './watched-task.ts';
export { asyncWorker, callbackWorker, ValueJobs, type Worker } from './value-jobs.ts';
