// One line of `releve check`: what was looked at, how it is, and what to do.
import { ConfigFaults } from '../../config/layers.ts';
import { errorReport } from '../runtime.ts';

/** `fault`: something does not work as it should; `look`: somebody should look at it. */
export interface CheckFinding {
  readonly what: string;
  readonly state: 'ok' | 'look' | 'fault';
  readonly found: string;
  readonly todo: string;
}

export const ok = (what: string, found: string): CheckFinding => ({ what, state: 'ok', found, todo: '' });
const finding = (state: CheckFinding['state']) => (what: string, found: string, todo: string) =>
  ({ what, state, found, todo }) satisfies CheckFinding;
export const look = finding('look');
export const fault = finding('fault');

/** Every fault of the settings in an error as a finding of its own; any other error as one about `what`. */
export function faultsOf(what: string, error: unknown): CheckFinding[] {
  if (!(error instanceof ConfigFaults)) return [fault(what, 'cannot be used', errorReport(error).message)];
  return error.faults.map(({ key, where, found, allowed }) =>
    fault(key, `${where}: ${found}`, `right is ${allowed}`),
  );
}
