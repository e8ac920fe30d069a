// A command at a terminal: raw mode, a question, its size, and a window change are the terminal's and the program's
// alone.
const { createInterface } = require('node:readline');
const { stdin, stdout } = process;
console.log(stdin.isTTY, stdout.isTTY, stdin.constructor.name, stdout.columns, stdout.rows, stdout.hasColors());
if (stdin.isTTY) {
  stdin.setRawMode(true);
  console.log('raw', stdin.isRaw);
  stdin.setRawMode(false);
}
const terminal = createInterface({ input: stdin, output: stdout });
terminal.question('name? ', (name) => {
  console.log(`hello ${name}`);
  terminal.close();
});
terminal.on('close', () => console.log('bye', stdin.listenerCount('data'), stdin.listenerCount('keypress')));
