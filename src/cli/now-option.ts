// The hidden clock of commands that only read.
import { Option } from 'commander';

/** `--now INSTANT`, not shown in the help: an ISO instant instead of the real time. */
export function hiddenNow(): Option {
  return new Option('--now <instant>', 'the time to reckon with').hideHelp();
}
