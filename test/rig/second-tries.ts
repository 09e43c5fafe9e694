// A reporter that names, at the end of a run, each test that passed only at another try: such a test is to be mended.
import type { Reporter, TestCase } from 'vitest/node';

/** Names what was tried again, whether it passed then or not. */
export const secondTries = (
  write: (line: string) => void = (line) => process.stdout.write(line),
): Reporter => ({
  onTestRunEnd: (modules) => {
    const again = modules.flatMap((module) => [...module.children.allTests()].filter(wasTriedAgain));
    if (again.length === 0) write('No test needed a second try.\n');
    for (const test of again) {
      write(`NEEDED A SECOND TRY: ${test.module.relativeModuleId} > ${test.fullName}\n${firstFault(test)}`);
    }
  },
});

const wasTriedAgain = (test: TestCase): boolean => (test.diagnostic()?.retryCount ?? 0) > 0;

/** What went wrong at the first try. */
function firstFault(test: TestCase): string {
  const message = test.result().errors?.[0]?.message.split('\n', 1)[0];
  return message === undefined ? '' : `  ${message}\n`;
}
