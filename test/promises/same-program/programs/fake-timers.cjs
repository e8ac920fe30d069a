// A test that replaces the clock: its timers are its own, its count of them is right, and time stands still where it
// says so.
const FakeTimers = require(process.env.PROGRAM_FAKE_TIMERS);
const { withTask } = require(process.env.PROGRAM_API);
require('node:child_process').execFileSync('true');
const now = process.hrtime.bigint;
const clock = FakeTimers.install({ now: 1_000_000, shouldClearNativeTimers: true });
withTask('under a fake clock', () => undefined);
const fired = [];
setTimeout(() => fired.push('timeout', Date.now()), 100);
setInterval(() => fired.push('interval'), 40);
setImmediate(() => fired.push('immediate'));
process.nextTick(() => fired.push('tick'));
console.log('waiting', clock.countTimers(), Date.now(), performance.now(), new Date().getTime());
clock.tick(50);
withTask('later', () => undefined);
clock.runToLast();
console.log(fired.join(), clock.countTimers(), Date.now());
clock.uninstall();
console.log(typeof now(), Date.now() > 1_000_000);
