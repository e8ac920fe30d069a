/** Tasks of which nine of ten fail. */
import { setTimeout as work } from 'node:timers/promises';
import { withTask } from 'swarmscope';

for (let task = 0; ; task++) {
  const attempt = withTask('implement', async () => {
    await work(150);
    if (task % 10 !== 0) throw new TypeError('the tests fail');
  });
  await attempt.catch(() => {});
}
