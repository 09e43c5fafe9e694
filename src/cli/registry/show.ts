// `releve show`: everything known about a login or a SIRET, and its history.
import { Command } from 'commander';
import {
  answerForPrograms,
  datesForPrograms,
  handoverForPrograms,
  healthForPrograms,
  validityOf,
} from '../../content/terminal/account-facts.ts';
import { table } from '../../content/terminal/formats.ts';
import {
  type Environment,
  type Person,
  type TechnicalUser,
  usableAddress,
} from '../../domain/account/technical-user.ts';
import { stepName } from '../../domain/notification/letter.ts';
import type { Dossier, HistoryEntry, LetterRecord, Mandate } from '../../domain/registry/registry.ts';
import { contactText } from '../../domain/registry/registry-draft.ts';
import { type AccountStatus, accountStatusOf, listEntry } from '../../domain/reminder/account-status.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { subjectsIn } from '../account-command.ts';
import type { CommandContext, CommandIo, InContext } from '../command-context.ts';
import { answerRows } from '../monitoring/answer-section.ts';
import { healthText, rowsTable } from '../monitoring/health-section.ts';
import { handoverText } from '../rotation/rotation-section.ts';
import { clockOf, environmentChoice, hiddenNow } from '../runtime.ts';

export interface ShowOptions {
  readonly environment?: Environment;
  readonly json?: boolean;
}

export type ShowContext = Pick<CommandContext, 'registry' | 'rules' | 'aggregates'>;

export function showCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('show')
    .description('show everything known about a technical user or a structure, and the history')
    .argument('<subject>', 'a login or a SIRET')
    .addOption(environmentChoice('only this one'))
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (subject: string, options: ShowOptions & { readonly now?: string }) => {
      const clock = clockOf(options.now);
      await inContext((context) => runShow(subject, options, context, { ...io, ...clock }));
    });
}

/** Shows a dossier. Throws CommandError with what looks like it when it is not known. */
export async function runShow(
  subject: string,
  options: ShowOptions,
  { registry, rules, aggregates }: ShowContext,
  io: CommandIo,
): Promise<void> {
  let dossier: Dossier | null = null;
  for (const asked of subjectsIn(subject)) {
    dossier ??= await registry.dossier(asked, options.environment ?? null);
  }
  if (dossier === null) throw new CommandError(EXIT.failed, await notKnown(subject.trim(), registry));
  const now = io.now();
  const today = parisDay(now);
  const users: ShownUser[] = [];
  for (const user of dossier.users) {
    const handover = await aggregates.read(user.id, io);
    users.push({ user, status: accountStatusOf(user, today, rules), handover });
  }
  const basis: Basis = { rules, budget: aggregates.budget, now: now.epochMilliseconds };
  io.write(
    options.json
      ? `${JSON.stringify(forPrograms(dossier, users, basis), null, 2)}\n`
      : text(dossier, users, basis),
  );
}

/** Says that a subject is not known, and what looks like it. The subject is not repeated: it may be a password. */
export async function notKnown(subject: string, registry: CommandContext['registry']): Promise<string> {
  const near = await registry.near(subject);
  const advice =
    near.length === 0 ? 'releve list shows all' : `near it:\n${near.map((one) => `  ${one}`).join('\n')}`;
  return `no technical user, structure or address of this name is known; ${advice}`;
}

interface ShownUser {
  readonly user: TechnicalUser;
  readonly status: AccountStatus;
  readonly handover: Awaited<ReturnType<ShowContext['aggregates']['read']>>;
}

/** By which rules, and at which instant (ms), a dossier is printed. */
interface Basis extends Pick<ShowContext, 'rules'> {
  readonly budget: ShowContext['aggregates']['budget'];
  readonly now: number;
}

const day = (instant: number) => parisDay(Temporal.Instant.fromEpochMilliseconds(instant)).toString();

function forPrograms(dossier: Dossier, users: readonly ShownUser[], basis: Basis) {
  return {
    structure: dossier.structure,
    users: users.map(({ user, status, handover }) => ({
      ...listEntry(user, status),
      ...datesForPrograms({ user, status }, basis.rules),
      further: user.further,
      principal: user.principal,
      secondaries: user.secondaries,
      answered: answerForPrograms(user),
      letters: dossier.letters.filter((letter) => letter.userId === user.id).map(letterForPrograms),
      health: handover === null ? null : healthForPrograms(handover.aggregate, handover.next.inService),
      handovers:
        handover === null
          ? null
          : handoverForPrograms(handover.aggregate, { ...basis, next: handover.next.candidate }),
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

function text(dossier: Dossier, users: readonly ShownUser[], basis: Basis): string {
  const { structure, mandates, history } = dossier;
  const parts = [
    structure === null ? '' : phoned(`${structure.name}\nSIRET ${structure.siret}`, structure.phone),
    ...users.map((user) => userText(user, dossier.letters, basis)),
    users.length === 0 ? 'No technical user.' : '',
    managersText(mandates),
    section('History', ['day', 'who', 'of', 'field', 'old → new', 'why'], history.map(historyRow)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function userText(
  { user, status, handover }: ShownUser,
  letters: readonly LetterRecord[],
  basis: Basis,
): string {
  const { expiry } = status;
  const validity = validityOf(user, basis.rules);
  const facts: (readonly [string, string])[] = [
    ['environment', user.environment],
    ['structure', phoned(`${user.home.name}, SIRET ${user.home.siret}`, user.home.phone)],
    ...user.further.map(({ siret, name }) => ['also serves', `${name}, SIRET ${siret}`] as const),
    [
      'expires',
      expiry.on === null ? 'unknown' : `${expiry.on} (${expiry.source}), ${daysText(status.daysLeft)}`,
    ],
    ['at the latest', expiry.latest?.toString() ?? 'unknown'],
    ['last change', user.facts.changedOn?.toString() ?? 'unknown'],
    ['password', `version ${user.version}`],
    [
      'validity',
      `${validity.workTowards}, at the latest ${validity.latest}${validity.own ? ' (its own)' : ''}`,
    ],
    ['state', `${status.state}${status.step === null ? '' : `, step ${status.step}`}`],
    ['next step', status.nextStepOn?.toString() ?? 'none'],
    ...answerRows(user, status),
    ['principal', user.principal === null ? 'nobody is known' : reach(user.principal)],
    ...user.secondaries.map((one) => ['deputy', reach(one)] as const),
  ];
  const rows = letters.filter((letter) => letter.userId === user.id).flatMap(letterRows);
  const sent = section('Letters', ['day', 'step', 'to', 'outcome', 'answer'], rows);
  const parts = [`${user.login}\n${rowsTable(facts)}`, sent];
  if (handover !== null) {
    const { aggregate, next } = handover;
    const { inService, candidate } = next;
    parts.push(healthText(aggregate, inService), handoverText(aggregate, { ...basis, next: candidate }));
  }
  return parts.filter(Boolean).join('\n\n');
}

function reach(person: Person): string {
  const name = usableAddress(person) === null ? `${person.name}, cannot be written to` : contactText(person);
  return phoned(name, person.phone);
}

function phoned(text: string, phone: string | null): string {
  return phone === null ? text : `${text}, telephone ${phone}`;
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

function managersText(mandates: readonly Mandate[]): string {
  // A column only when it has something to say.
  const isPhoned = mandates.some(({ phone }) => phone !== null);
  const phones = isPhoned ? ['telephone'] : [];
  const rows = mandates.map(({ siret, role, name, email, phone, dead, since, until }) => {
    const address = `${email ?? '(none)'}${dead === null ? '' : ` (refused since ${day(dead.since)}: ${dead.reason})`}`;
    const [from, to] = [day(since), until === null ? '' : day(until)];
    return [siret, role, name, address, ...(isPhoned ? [phone] : []), from, to];
  });
  return section('Managers', ['SIRET', 'role', 'name', 'address', ...phones, 'since', 'until'], rows);
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
