// Runs a command of ours to its end, as the shell sees it.

/** How a command ended: its exit code, what it wrote, and what it said on standard error. */
export interface CommandEnd {
  readonly exit: number;
  readonly out: string;
  readonly said: string;
}

/** Runs a command to its end; `out` tells what it wrote meanwhile. */
export async function runToEnd(command: () => Promise<void>, out: () => string): Promise<CommandEnd> {
  try {
    await command();
    return { exit: 0, out: out(), said: '' };
  } catch (error) {
    if (!(error instanceof Error && 'exitCode' in error)) throw error;
    return { exit: Number(error.exitCode), out: out(), said: error.message };
  }
}
