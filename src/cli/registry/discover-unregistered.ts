// A login that is not registered yet: what Chorus Pro says of it, and the lines with which to register it.
import { evidenceLine, printable } from '../../content/terminal/formats.ts';
import type { Environment, Structure } from '../../domain/account/technical-user.ts';
import { siretInLogin } from '../../domain/parsing/login.ts';
import { COLUMNS } from '../../domain/registry/registration.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import { EXIT } from '../../system/terminal.ts';
import type { CommandResult } from '../command-context.ts';
import { nameOf } from './discover-proposal.ts';

/** The lines on standard output; the rest is said beside it. */
export interface UnregisteredResult extends CommandResult {
  readonly aside: string;
}

/** What the one question came to; null where the settings do without proofs. */
export function describeUnregistered(
  login: string,
  environment: Environment,
  verdict: Verdict | null,
): UnregisteredResult {
  const facts = { login, environment, registered: false };
  const failed = (outcome: string, summary: string): UnregisteredResult => ({
    json: { ...facts, outcome, entitled: null, structures: null, evidence: verdict?.evidence ?? null },
    text: '',
    exit: EXIT.failed,
    summary,
    aside: '',
  });
  if (verdict === null) {
    return failed('not-asked', `chorus.${environment}.verification is none: nobody is asked there`);
  }
  const seen = printable(evidenceLine(verdict.evidence));
  if (verdict.kind !== 'accepted') {
    const outcome = verdict.kind === 'refused' ? 'refused' : 'no-answer';
    return failed(outcome, `${causeLine(verdict.cause)}. Nothing was kept.\nSeen: ${seen}`);
  }
  const { structures, entitled } = verdict;
  if (structures === null || structures.length === 0) {
    const what =
      structures === null ? 'which structures it serves could not be read' : 'it serves no structure';
    return failed('works', `the password works, but ${what}. Nothing was kept.\nSeen: ${seen}`);
  }
  const { lines, left } = linesFor(login, environment, structures);
  const rights = entitled === false ? 'This account may not receive invoices.\n' : '';
  const add = left.map((siret) => `\nThen: releve set ${login} --add-structure ${siret}`).join('');
  return {
    json: { ...facts, outcome: 'works', entitled, structures, evidence: verdict.evidence, lines },
    text: lines.join('\n'),
    exit: EXIT.ok,
    summary: '',
    aside:
      `${rights}The password works; it was not kept. Fill in who manages the structure, and the dates, then: ` +
      `releve import FILE.csv. After that releve submit ${login} hands the password in.${add}`,
  };
}

/**
 * The lines of a file to import. Where the login carries none of its SIRETs, a file can name one alone, for nobody can tell
 * which is its home; the others are `left`.
 */
function linesFor(login: string, environment: Environment, structures: readonly Structure[]) {
  const sirets = [...new Set(structures.map(({ siret }) => siret))];
  const isPlaced = sirets.includes(siretInLogin(login) ?? '');
  const named = isPlaced ? sirets : sirets.slice(0, 1);
  const lines = named.map((siret) => {
    const name = structures.find((one) => one.siret === siret)?.name ?? '';
    const cells: Partial<Record<(typeof COLUMNS)[number], string>> = {
      siret,
      structure: nameOf(siret, name),
      login,
      environnement: environment,
    };
    return COLUMNS.map((column) => cell(cells[column] ?? '')).join(';');
  });
  return { lines: [COLUMNS.join(';'), ...lines], left: sirets.slice(named.length) };
}

/** A cell as spreadsheets write it. */
function cell(text: string): string {
  return /[;,"\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
