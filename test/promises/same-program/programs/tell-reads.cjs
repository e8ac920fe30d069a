// Loaded before the preload: tells, when the process exits, which files it read from the folder named in TOLD_FOLDER, as one JSON line.
const fs = require('node:fs');
const { basename } = require('node:path');

const read = [];
const { readFileSync, writeSync } = fs;
fs.readFileSync = function (path, ...options) {
  if (String(path).startsWith(process.env.TOLD_FOLDER)) read.push(basename(String(path)));
  return Reflect.apply(readFileSync, this, [path, ...options]);
};
process.on('exit', () => writeSync(1, `${JSON.stringify(read)}\n`));
