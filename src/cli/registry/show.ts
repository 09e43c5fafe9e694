// `releve show`: everything known about a login or a SIRET, and its history.
import { Command, Option } from 'commander';
import type { AggregateReader } from '../../composition/operator-actions.ts';
import type { Environment } from '../../domain/account/expiry.ts';
import { type Person, type TechnicalUser, usableAddress } from '../../domain/account/technical-user.ts';
import { stepName } from '../../domain/notification/letter.ts';
import type { Dossier, HistoryEntry, LetterRecord, Mandate } from '../../domain/registry/registry.ts';
import { contactText } from '../../domain/registry/registry-draft.ts';
import { type AccountStatus, accountStatusOf, listEntry } from '../../domain/reminder/account-status.ts';
import type { RotationAggregate } from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { CommandIo, RegistryContext } from '../command-context.ts';
import { healthForPrograms, healthText, rowsTable } from '../monitoring/health-section.ts';
import { hiddenNow } from '../now-option.ts';
import { handoverForPrograms, handoverText } from '../rotation/rotation-section.ts';
import { CommandError, clockOf, EXIT } from '../runtime.ts';
import { table } from '../terminal/table.ts';

export interface ShowOptions {
  readonly environment?: Environment;
  readonly json?: boolean;
}

/** The open house, as far as a dossier goes. */
export interface ShowContext extends Pick<RegistryContext, 'registry' | 'rules'> {
  readonly books: AggregateReader;
}

export type InShowContext = <T>(work: (context: ShowContext) => Promise<T>) => Promise<T>;

export function showCommand(inRegistryContext: InShowContext, io: CommandIo): Command {
  return new Command('show')
    .description('show everything known about a technical user or a structure, and the history')
    .argument('<subject>', 'a login or a SIRET')
    .addOption(new Option('--environment <name>', 'only this one').choices(['production', 'qualification']))
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (subject: string, options: ShowOptions & { readonly now?: string }) => {
      const now = options.now === undefined ? io.now() : clockOf(options.now).now();
      await inRegistryContext((context) => runShow(subject, options, context, { ...io, now: () => now }));
    });
}

/** Shows a dossier. Throws Ending with what looks like it when it is not known. */
export async function runShow(
  subject: string,
  options: ShowOptions,
  context: ShowContext,
  io: CommandIo,
): Promise<void> {
  const asked = /^[\d\s\u00a0]+$/.test(subject) ? subject.replaceAll(/\s/g, '') : subject.trim();
  const dossier = await context.registry.dossier(asked, options.environment ?? null);
  if (dossier === null) throw new CommandError(EXIT.failed, await notKnown(asked, context.registry));
  const today = parisDay(io.now());
  const users: ShownUser[] = [];
  for (const user of dossier.users) {
    users.push({
      user,
      stand: accountStatusOf(user, today, context.rules),
      aggregate: await context.books.aggregate(user.id),
    });
  }
  const told: Telling = { ...context, now: io.now().epochMilliseconds };
  io.write(
    options.json
      ? `${JSON.stringify(forPrograms(dossier, users, told), null, 2)}\n`
      : text(dossier, users, told),
  );
}

/** Says that a subject is not known, and what looks like it. */
export async function notKnown(subject: string, registry: RegistryContext['registry']): Promise<string> {
  const near = await registry.near(subject);
  const advice =
    near.length === 0 ? 'releve list shows all' : `near it:\n${near.map((one) => `  ${one}`).join('\n')}`;
  return `${subject} is not known; ${advice}`;
}

interface ShownUser {
  readonly user: TechnicalUser;
  readonly stand: AccountStatus;
  readonly aggregate: RotationAggregate | null;
}
/** By which rules, and at which instant (ms), a dossier is told. */
type Telling = Pick<ShowContext, 'rules' | 'books'> & { readonly now: number };

const day = (instant: number) => parisDay(Temporal.Instant.fromEpochMilliseconds(instant)).toString();

/** Durations of a technical user's own, or its environment's. */
function validityOf(user: TechnicalUser, { rules }: Pick<Telling, 'rules'>) {
  const common = rules.validity[user.environment];
  return {
    workTowards: String(user.validity.workTowards ?? common.workTowards),
    latest: String(user.validity.latest ?? common.latest),
    own: user.validity.workTowards !== undefined || user.validity.latest !== undefined,
  };
}

function forPrograms(dossier: Dossier, users: readonly ShownUser[], told: Telling) {
  return {
    structure: dossier.structure,
    users: users.map(({ user, stand, aggregate }) => ({
      ...listEntry(user, stand),
      version: user.version,
      changedOn: user.facts.changedOn?.toString() ?? null,
      portalOn: user.facts.portalOn?.toString() ?? null,
      latestOn: stand.expiry.latest?.toString() ?? null,
      nextStepOn: stand.nextStepOn?.toString() ?? null,
      validity: validityOf(user, told),
      further: user.further,
      principal: user.principal,
      secondaries: user.secondaries,
      letters: dossier.letters.filter((letter) => letter.userId === user.id).map(letterForPrograms),
      health: aggregate === null ? null : healthForPrograms(aggregate),
      handovers: aggregate === null ? null : handoverForPrograms(aggregate, told.books.budget, told.now),
    })),
    mandates: dossier.mandates.map((mandate) => ({
      ...mandate,
      since: day(mandate.since),
      until: mandate.until === null ? null : day(mandate.until),
    })),
    history: dossier.history.map((entry) => ({
      ...entry,
      at: Temporal.Instant.fromEpochMilliseconds(entry.at).toString(),
    })),
  };
}

const letterForPrograms = ({ userId: _, ...letter }: LetterRecord) => ({
  ...letter,
  step: letterStep(letter),
  deliveries: letter.deliveries.map((delivery) => ({
    ...delivery,
    at: delivery.at === null ? null : Temporal.Instant.fromEpochMilliseconds(delivery.at).toString(),
  })),
});

function letterStep({ step }: Pick<LetterRecord, 'step'>): string {
  return step === null ? 'unknown' : stepName({ offset: step });
}

function text(dossier: Dossier, users: readonly ShownUser[], told: Telling): string {
  const { structure, mandates, history } = dossier;
  const parts = [
    structure === null ? '' : `${structure.name}\nSIRET ${structure.siret}`,
    ...users.map((contactText) => userText(contactText, dossier.letters, told)),
    users.length === 0 ? 'No technical user.' : '',
    section('Managers', ['SIRET', 'role', 'name', 'address', 'since', 'until'], mandates.map(mandateRow)),
    section('History', ['day', 'who', 'of', 'field', 'old → new', 'why'], history.map(historyRow)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function userText(
  { user, stand, aggregate }: ShownUser,
  letters: readonly LetterRecord[],
  telling: Telling,
): string {
  const { expiry } = stand;
  const validity = validityOf(user, telling);
  const facts: (readonly [string, string])[] = [
    ['environment', user.environment],
    ['structure', `${user.home.name}, SIRET ${user.home.siret}`],
    ...user.further.map(({ siret, name }) => ['also serves', `${name}, SIRET ${siret}`] as const),
    [
      'expires',
      expiry.on === null ? 'unknown' : `${expiry.on} (${expiry.source}), ${daysText(stand.daysLeft)}`,
    ],
    ['at the latest', expiry.latest?.toString() ?? 'unknown'],
    ['last change', user.facts.changedOn?.toString() ?? 'unknown'],
    ['password', `version ${user.version}`],
    [
      'validity',
      `${validity.workTowards}, at the latest ${validity.latest}${validity.own ? ' (its own)' : ''}`,
    ],
    ['state', `${stand.state}${stand.step === null ? '' : `, step ${stand.step}`}`],
    ['next step', stand.nextStepOn?.toString() ?? 'none'],
    ['principal', user.principal === null ? 'nobody is known' : reach(user.principal)],
    ...user.secondaries.map((one) => ['deputy', reach(one)] as const),
  ];
  const rows = letters.filter((letter) => letter.userId === user.id).flatMap(letterRows);
  const told = section('Letters', ['day', 'step', 'to', 'outcome', 'answer'], rows);
  const health = aggregate === null ? '' : healthText(aggregate);
  const handovers = aggregate === null ? '' : handoverText(aggregate, telling.books.budget, telling.now);
  return [`${user.login}\n${rowsTable(facts)}`, told, health, handovers].filter(Boolean).join('\n\n');
}

function reach(person: Person): string {
  return usableAddress(person) === null ? `${person.name}, cannot be reached` : contactText(person);
}

function daysText(days: number | null): string {
  if (days === null) return '';
  return days >= 0 ? `${days} days left` : `${-days} days ago`;
}

const letterRows = (letter: LetterRecord) =>
  letter.deliveries.map(({ address, state, reply }) => [
    letter.on,
    // Letters about a password in service are on no step of the ladder.
    letter.step === null ? letter.kind : letterStep(letter),
    address,
    state,
    reply,
  ]);

function mandateRow({ siret, role, name, email, dead, since, until }: Mandate) {
  const address = `${email ?? '(none)'}${dead === null ? '' : ` (refused since ${day(dead.since)}: ${dead.reason})`}`;
  return [siret, role, name, address, day(since), until === null ? '' : day(until)];
}

function historyRow({ at, who, of, field, old, new: now, why }: HistoryEntry) {
  return [day(at), who, of, field, `${old ?? '(nothing)'} → ${now ?? '(nothing)'}`, why];
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): string {
  return rows.length === 0 ? '' : `${title}\n${table(head, rows)}`;
}
