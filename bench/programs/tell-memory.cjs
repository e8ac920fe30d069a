// Preloaded into a process of ours by the soak: answers `memory` on the IPC channel with what the process holds after a
// collection.
const { readdirSync } = require('node:fs');
const { getHeapSpaceStatistics } = require('node:v8');

process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  process.send({
    heapUsed,
    rss,
    external,
    youngBytes: getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').physical_space_size,
    handles: process.getActiveResourcesInfo().length,
    descriptors: readdirSync('/proc/self/fd').length,
  });
});
process.channel?.unref();
