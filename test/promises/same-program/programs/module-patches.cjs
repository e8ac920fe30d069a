// Programs that look into and change how modules are loaded see their own modules, and ours nowhere.
const Module = require('node:module');
const { join } = require('node:path');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');

const own = (path) => (path.startsWith(__dirname) ? '<dir>' + path.slice(__dirname.length) : path);
const listed = () =>
  console.log(
    'cache',
    Object.keys(require.cache)
      .map(own)
      .filter((path) => !path.endsWith('wake.cjs') && !path.endsWith('index.cjs')),
  );
listed();
const calls = [];
const original = Module._load;
Module._load = function (request, ...rest) {
  calls.push(own(request));
  return original.call(this, request, ...rest);
};
const extension = Module._extensions['.js'];
Module._extensions['.js'] = function (module, filename) {
  calls.push(`.js ${filename.split('/').at(-1)}`);
  return extension(module, filename);
};
const folder = mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'same-'));
writeFileSync(
  join(folder, 'a.js'),
  'exports.b = require("./b.js"); exports.parent = module.parent.filename === process.mainModule.filename;',
);
writeFileSync(join(folder, 'b.js'), 'module.exports = require("node:os").EOL;');
console.log(require(join(folder, 'a.js')), module.children.length);
rmSync(folder, { recursive: true });
for (const key of Object.keys(require.cache)) delete require.cache[key];
// What follows makes the preload load the rest of itself, if it is there.
require('node:child_process').execFileSync('true');
require(process.env.PROGRAM_API).withTask('late', () => undefined);
console.log(calls.filter((call) => !call.endsWith('index.cjs')).map((call) => call.replace(folder, '<folder>')));
listed();
console.log(require.main === module, Module.builtinModules.length, Module._pathCache === undefined, Object.keys(Module._extensions));
