// Nothing to do: it ends at once, whatever timers are set and not waited for.
setTimeout(() => console.log('never'), 100_000).unref();
setInterval(() => console.log('never'), 100_000).unref();
console.log(process.getActiveResourcesInfo(), process._getActiveHandles().length, process._getActiveRequests().length);
process.on('exit', () => console.log(process.getActiveResourcesInfo(), process._getActiveHandles().length));
