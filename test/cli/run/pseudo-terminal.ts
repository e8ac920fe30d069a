// Runs a program in a terminal made by python3, types into it when it has printed something, and returns all it printed.
import { runProgram, type ProgramOptions, type ProgramResult } from '../../harness/index.ts';

/** `when` is looked for in what was printed since the last step; then `type` is typed, and the file `make` is made. */
export interface Step {
  readonly when: string;
  readonly type?: string;
  readonly make?: string;
}

const DRIVER = `
import fcntl, json, os, pty, struct, sys, termios
steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
printed, at = b'', 0
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        piece = b''
    if piece == b'':
        break
    printed += piece
    while steps and steps[0]['when'].encode() in printed[at:]:
        step = steps.pop(0)
        at = printed.index(step['when'].encode(), at) + len(step['when'].encode())
        if 'make' in step:
            open(step['make'], 'w').close()
        if 'type' in step:
            os.write(terminal, step['type'].encode())
os.write(1, printed)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** What was printed is `stdout`, with the escape sequences in it. */
export function runInTerminal(line: readonly string[], steps: readonly Step[], options: ProgramOptions): Promise<ProgramResult> {
  return runProgram({ ...options, command: 'python3', args: ['-c', DRIVER, JSON.stringify(steps), ...line], preload: 'none' });
}
