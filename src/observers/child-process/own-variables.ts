/** What our parent gave this process for its git commands leaves its environment again: they get it from us at their start, and a library may refuse to run with it. */
import { isTrace2OfRun } from '../../config/git/target.ts';
import { liveEnvironment, startedWith } from '../../config/started-with.ts';

/** With any variable of git in it, simple-git 4 refuses `.env({ ...process.env })`. */
const [TARGET, REPEATED, BRIEF] = ['GIT_TRACE2_EVENT', 'GIT_TRACE2_ENV_VARS', 'GIT_TRACE2_EVENT_BRIEF'];

/** Takes our Trace2 target out of the live environment, and what stands beside it for its sake. A target of the user's stays as it is. */
export function hideOwnVariables(): void {
  if (!isTrace2OfRun(startedWith[TARGET] ?? '', startedWith['SWARMSCOPE_RUN_DIR'] ?? '')) return;
  if ((startedWith['SWARMSCOPE_CHILD_ENV_OFF'] ?? '').includes(TARGET)) return;
  const live = liveEnvironment();
  delete live[TARGET];
  if (live[BRIEF] === '0') delete live[BRIEF];
  const users = (live[REPEATED] ?? '').split(',').filter((name) => name !== 'TRACEPARENT' && name !== '');
  if (users.length === 0) delete live[REPEATED];
  else live[REPEATED] = users.join(',');
}
