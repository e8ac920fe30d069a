/**
 * What all queues, pools and limiters have in common: jobs that wait, run, end or are cancelled, the batches they form,
 * and the gauges of both.
 */
export { watchSchedulers, type AddedTask, type SchedulerLibrary, type Schedulers } from './schedulers.ts';
export type { Job, JobOptions, RunningJob, Scheduler } from './scheduler.ts';
export type { Task } from './watched-task.ts';
