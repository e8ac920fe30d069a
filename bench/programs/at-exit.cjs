// Tells what a process cost: CPU, memory and files of ours read, as one JSON line on descriptor 3 when it exits.
const fs = require('node:fs');

let files = 0;
const { readFileSync, writeSync } = fs;
// Ours are in no module cache: they are counted where they are read.
fs.readFileSync = function (path, ...options) {
  if (String(path).startsWith(process.env.BENCH_DIST ?? '-')) files += 1;
  return Reflect.apply(readFileSync, this, [path, ...options]);
};
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  try {
    writeSync(3, `${JSON.stringify({ cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024, files })}\n`);
  } catch {
    // A grandchild without descriptor 3: nobody asked it.
  }
});
