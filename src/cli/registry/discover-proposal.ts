// The structures that a registered account serves, beside those that are registered, and the corrections that follow.
import { table } from '../../content/terminal/formats.ts';
import type { Environment, Structure, TechnicalUser } from '../../domain/account/technical-user.ts';
import { readName } from '../../domain/parsing/characters.ts';
import type { Correction } from '../../domain/registry/registry.ts';

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
export interface Proposal {
  readonly login: string;
  readonly environment: Environment;
  readonly entitled: boolean | null;
  readonly structures: readonly Discovered[];
  /** Lines for a shell. */
  readonly commands: readonly string[];
}

/** What Chorus Pro says of an account. */
interface ServedStructures {
  readonly entitled: boolean | null;
  readonly structures: readonly Structure[];
}

/** Compares the registry with the answer; `known` are the SIRETs of it that the registry has. */
export function proposalFor(
  user: Pick<TechnicalUser, 'login' | 'environment' | 'home' | 'further'>,
  { entitled, structures: served }: ServedStructures,
  known: ReadonlySet<string>,
): Proposal {
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
  const commands = structures.flatMap((one) => commandFor(user, one) ?? []);
  return { login, environment, entitled, structures, commands };
}

/** A name as the registry takes it; a structure whose name it would not take is called by its SIRET. */
export function nameOf(siret: string, name: string): string {
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
  const rows = structures.map((one) => [one.siret, one.name, isAdded(one) ? 'added now' : standing(one)]);
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

function standing({ registered, served }: Discovered): string {
  if (registered === null) return 'served, NOT REGISTERED';
  const as = registered === 'home' ? 'home structure' : 'further structure';
  return served ? `${as}, served` : `${as}, NOT SERVED`;
}

/** For programs. */
export function proposalForPrograms(proposal: Proposal, applied: readonly string[]) {
  return { ...proposal, registered: true, applied };
}
