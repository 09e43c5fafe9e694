// Runs a command on a real terminal (a pseudo-terminal, by Python's pty), and types what a dialogue says.
import { type Ended, type Start, startProcess } from './process.ts';

/** Waits until these words were shown, then types; in the order given. Escapes and control characters are sent as they are. */
export interface Line {
  readonly after: string;
  readonly type: string;
}

/** Reads the dialogue from its own standard input, so that what is typed stands in nobody's arguments. */
const PYTHON = `
import json, os, pty, select, sys
dialogue = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown, heard = b'', 0
while True:
    if dialogue:
        found = shown.find(dialogue[0]['after'].encode(), heard)
        if found >= 0:
            heard = found + len(dialogue[0]['after'].encode())
            os.write(terminal, dialogue.pop(0)['type'].encode('utf-8', 'surrogatepass'))
            select.select([], [], [], 0.01)
            continue
    ready, _, _ = select.select([terminal], [], [], 30)
    if not ready:
        os.write(2, b'nothing more was shown for 30 s')
        os.kill(pid, 9)
        break
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    os.write(1, piece)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Everything the terminal showed is `stdout`, escape sequences and all. */
export function onTerminal(
  command: readonly string[],
  dialogue: readonly Line[],
  start: Omit<Start, 'input'> = {},
): Promise<Ended> {
  return startProcess(['setpriv', '--pdeathsig', 'KILL', 'python3', '-c', PYTHON, ...command], {
    ...start,
    env: { TERM: 'xterm', ...start.env },
    input: JSON.stringify(dialogue),
  }).ended;
}
