/** Takes back what our parent set for programs that are no Node: children get it at their start. */
import { theirsIn } from '../../config/gateway-variables.ts';
import { repeated } from '../../config/git/environment.ts';
import { isTrace2OfRun } from '../../config/git/target.ts';
import { liveEnvironment, startedWith } from '../../config/started-with.ts';

/** simple-git 4 refuses `.env({ ...process.env })` with any variable of git in it. */
const [TARGET, REPEATED, BRIEF] = ['GIT_TRACE2_EVENT', 'GIT_TRACE2_ENV_VARS', 'GIT_TRACE2_EVENT_BRIEF'];

/** What the wire of this process sees need not go through the gateway: each variable has the user's own value again, or none. */
export function restoreBaseUrls(): void {
  const live = liveEnvironment();
  for (const [name, value] of theirsIn(startedWith['SWARMSCOPE_GATEWAY_THEIRS'])) {
    if (live[name] === undefined || live[name] !== startedWith[name]) continue;
    if (value === '') delete live[name];
    else live[name] = value;
  }
}

/** Removes our Trace2 target and what belongs to it from the live environment. A target of the user is kept. */
export function hideOwnVariables(): void {
  if (!isTrace2OfRun(startedWith[TARGET] ?? '', startedWith['SWARMSCOPE_RUN_DIR'] ?? '')) return;
  if ((startedWith['SWARMSCOPE_CHILD_ENV_OFF'] ?? '').includes(TARGET)) return;
  const live = liveEnvironment();
  delete live[TARGET];
  if (live[BRIEF] === '0') delete live[BRIEF];
  const users = (live[REPEATED] ?? '').split(',').filter((name) => !repeated.includes(name) && name !== '');
  if (users.length === 0) delete live[REPEATED];
  else live[REPEATED] = users.join(',');
}
