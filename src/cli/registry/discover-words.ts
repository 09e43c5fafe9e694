// What `releve discover` prints: an account beside the registry and the corrections that follow, or the lines that register it.

import { accountWords } from '../../content/letters/commands.ts';
import { evidenceLine, printable, table } from '../../content/terminal/formats.ts';
import type { Environment, Structure, TechnicalUser } from '../../domain/account/technical-user.ts';
import { siretInLogin } from '../../domain/parsing/login.ts';
import { readName } from '../../domain/parsing/name.ts';
import { csvLine, HEADER } from '../../domain/registry/registration.ts';
import type { Correction } from '../../domain/registry/registry.ts';
import { causeLine, type Verdict } from '../../domain/verification/verdict.ts';
import { EXIT } from '../../system/terminal.ts';
import type { CommandResult } from '../command-context.ts';

/** A structure that is registered with an account, or served by it, or both. */
export interface Discovered {
  readonly siret: string;
  /** As the registry has it; for one that is not registered with the account, as Chorus Pro has it. */
  readonly name: string;
  readonly registered: 'home' | 'further' | null;
  readonly served: boolean;
  /** Whether the registry knows the structure at all: its name is then left as it is. */
  readonly known: boolean;
}

/** What follows from the answer about an account. */
export type Proposal = Readonly<ReturnType<typeof proposalFor>>;

/** Compares the registry with the answer; `known` are the SIRETs of it that the registry has. */
export function proposalFor(
  user: Pick<TechnicalUser, 'login' | 'environment' | 'home' | 'further'>,
  { entitled, structures: served }: { entitled: boolean | null; structures: readonly Structure[] },
  known: ReadonlySet<string>,
) {
  const { login, environment, home, further } = user;
  const isServed = new Set(served.map(({ siret }) => siret));
  const isRegistered = new Set([home, ...further].map(({ siret }) => siret));
  const registered = [home, ...further].map(
    ({ siret, name }, place): Discovered => ({
      siret,
      name,
      registered: place === 0 ? 'home' : 'further',
      served: isServed.has(siret),
      known: true,
    }),
  );
  const others = [...new Map(served.map((one) => [one.siret, one])).values()]
    .filter(({ siret }) => !isRegistered.has(siret))
    .map(
      ({ siret, name }): Discovered => ({
        siret,
        name: nameOf(siret, name),
        registered: null,
        served: true,
        known: known.has(siret),
      }),
    );
  const structures = [...registered, ...others];
  // Lines for a shell.
  const commands = structures.flatMap((one) => commandFor(user, one) ?? []);
  return { login, environment, entitled, structures, commands };
}

/** A name as the registry takes it; a structure whose name it would not take is called by its SIRET. */
function nameOf(siret: string, name: string): string {
  const read = readName(name);
  return read.ok && read.value !== '' ? read.value : siret;
}

/** The correction that adds a structure; one that the registry knows keeps its name. */
export function addOf({ siret, name, known }: Discovered): Correction {
  return { addStructure: siret, ...(known ? {} : { name }) };
}

function commandFor(
  { login, environment }: Pick<TechnicalUser, 'login' | 'environment'>,
  one: Discovered,
): string | null {
  const set = `releve set ${quoted(login)} --environment ${environment}`;
  if (one.registered === null) {
    return `${set} --add-structure ${one.siret}${one.known ? '' : ` --name ${quoted(one.name)}`}`;
  }
  return one.registered === 'further' && !one.served ? `${set} --remove-structure ${one.siret}` : null;
}

/** A word as a shell takes it for itself. */
export function quoted(word: string): string {
  return /^[\w@.-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** For people; `applied` are the SIRETs that were added now. */
export function proposalText(proposal: Proposal, applied: readonly string[]): string {
  const { login, environment, structures, entitled, commands } = proposal;
  const isAdded = ({ siret }: Discovered) => applied.includes(siret);
  const rows = structures.map((one) => [one.siret, one.name, isAdded(one) ? 'added now' : relationOf(one)]);
  const left = commands.filter((command) => !applied.some((siret) => command.includes(` ${siret}`)));
  const home = structures.find(({ registered }) => registered === 'home');
  const parts = [
    `${login} (${environment}): the password in service works.`,
    table(['SIRET', 'structure', 'how it stands'], rows),
    entitled === false ? 'The account may not receive invoices: look at its rights on the portal.' : '',
    home?.served === false
      ? 'It does not serve its home structure: look on the portal whether it lost that right, or is another account.'
      : '',
    left.length === 0 ? nothingLeft(applied) : `To correct the registry:\n${left.join('\n')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function nothingLeft(applied: readonly string[]): string {
  return applied.length === 0 ? 'There is nothing to correct in the registry.' : '';
}

function relationOf({ registered, served }: Discovered): string {
  if (registered === null) return 'served, NOT REGISTERED';
  const as = registered === 'home' ? 'home structure' : 'further structure';
  return served ? `${as}, served` : `${as}, NOT SERVED`;
}

export function proposalForPrograms(proposal: Proposal, applied: readonly string[]) {
  return { ...proposal, registered: true, applied };
}

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
  const evidence = printable(evidenceLine(verdict.evidence));
  if (verdict.kind !== 'accepted') {
    const outcome = verdict.kind === 'refused' ? 'refused' : 'no-answer';
    return failed(outcome, `${causeLine(verdict.cause)}. Nothing was kept.\nSeen: ${evidence}`);
  }
  const { structures, entitled } = verdict;
  if (structures === null || structures.length === 0) {
    const what =
      structures === null ? 'which structures it serves could not be read' : 'it serves no structure';
    return failed('works', `the password works, but ${what}. Nothing was kept.\nSeen: ${evidence}`);
  }
  const { lines, left } = linesFor(login, environment, structures);
  const rights = entitled === false ? 'This account may not receive invoices.\n' : '';
  const account = accountWords({ login, environment });
  const add = left.map((siret) => `\nThen: releve set ${account} --add-structure ${siret}`).join('');
  return {
    json: { ...facts, outcome: 'works', entitled, structures, evidence: verdict.evidence, lines },
    text: lines.join('\n'),
    exit: EXIT.ok,
    summary: '',
    aside:
      `${rights}The password works; it was not kept. Fill in who manages the structure, and the dates, then: ` +
      `releve import FILE.csv. After that releve submit ${account} hands the password in.${add}`,
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
    return csvLine({ siret, structure: nameOf(siret, name), login, environnement: environment });
  });
  return { lines: [HEADER, ...lines], left: sirets.slice(named.length) };
}
