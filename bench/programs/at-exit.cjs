// Tells what a process cost: CPU, memory and files loaded, as one JSON line on descriptor 3 when it exits.
const { writeSync } = require('node:fs');
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const files = Object.keys(require.cache).filter((file) => file.startsWith(process.env.BENCH_DIST ?? '-')).length;
  try {
    writeSync(3, `${JSON.stringify({ cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024, files })}\n`);
  } catch {
    // A grandchild without descriptor 3: nobody asked it.
  }
});
