// A command that reads all of stdin, and says what kind of stream it had.
const { stdin, stdout, stderr } = process;
console.log(stdin.isTTY, stdout.isTTY, stderr.isTTY, stdin.constructor.name, stdin.readableFlowing);
let text = '';
stdin.setEncoding('utf8').on('data', (part) => (text += part));
stdin.on('end', () => console.log('end', JSON.stringify(text.toUpperCase())));
stdin.on('error', ({ code }) => console.log('error', code));
process.on('exit', (code) => console.log('exit', code));
