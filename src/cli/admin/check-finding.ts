// One line of `releve check`: what was looked at, how it is, and what to do.
import { ConfigFaults } from '../../config/layers.ts';
import { tableWithin } from '../../content/terminal/formats.ts';
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

/** A login that stands alone: a file may be named after one. */
const LOGIN = /(?<![\w/])(TECH_\w+)@cpro\.fr(?=[\s,;)]|$)/g;

/** The findings for people, each remedy on a line of its own. */
export function findingsTable(findings: readonly CheckFinding[], width?: number): string {
  return tableWithin(
    ['what', 'state', 'found'],
    findings.map(({ what, state, found }) => [what, state, found.replaceAll(LOGIN, '$1')]),
    { width, below: findings.map(({ todo }) => (todo === '' ? '' : `→ ${todo}`)) },
  );
}

/** Every fault of the settings in an error as a finding of its own; any other error as one about `what`. */
export function faultsOf(what: string, error: unknown): CheckFinding[] {
  if (!(error instanceof ConfigFaults)) return [fault(what, 'cannot be used', errorReport(error).message)];
  return error.faults.map(({ key, where, found, allowed }) =>
    fault(key, `${where}: ${found}`, `right is ${allowed}`),
  );
}
