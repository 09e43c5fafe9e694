// `releve show`: everything known about a login or a SIRET, and its history.
import { Command } from 'commander';
import {
  answerForPrograms,
  datesForPrograms,
  handoverForPrograms,
  healthForPrograms,
  validityOf,
} from '../../content/terminal/account-facts.ts';
import type { TableFit } from '../../content/terminal/formats.ts';
import {
  type Environment,
  type Person,
  type TechnicalUser,
  usableAddress,
} from '../../domain/account/technical-user.ts';
import type { Dossier, LetterRecord } from '../../domain/registry/registry.ts';
import { contactText } from '../../domain/registry/registry-draft.ts';
import { type AccountStatus, accountStatusOf, listEntry } from '../../domain/reminder/account-status.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { FoundAccount } from '../../use-cases/registry/find-account.ts';
import { subjectsIn, takenFrom } from '../account-command.ts';
import type { CommandContext, CommandIo, InContext } from '../command-context.ts';
import { answerRows } from '../monitoring/answer-section.ts';
import { healthText, rowsTable } from '../monitoring/health-section.ts';
import { handoverText } from '../rotation/rotation-section.ts';
import { clockOf, environmentChoice, hiddenNow } from '../runtime.ts';
import { day, historyText, letterStep, lettersText, managersText, phoned } from './dossier-sections.ts';

export interface ShowOptions {
  readonly environment?: Environment;
  readonly json?: boolean;
}

export type ShowContext = Pick<CommandContext, 'registry' | 'rules' | 'aggregates' | 'findAccount'>;

export function showCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('show')
    .description('show everything known about a technical user or a structure, and the history')
    .argument('<subject>', 'a login or a SIRET; or a name or an address')
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
  { registry, rules, aggregates, findAccount }: ShowContext,
  io: CommandIo,
): Promise<void> {
  let dossier: Dossier | null = null;
  for (const asked of subjectsIn(subject)) {
    dossier ??= await registry.dossier(asked, options.environment ?? null);
  }
  dossier ??= await namedDossier(
    await findAccount(subject.trim(), options.environment ?? null),
    registry,
    io,
  );
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
      : text(dossier, users, { ...basis, width: io.width }),
  );
}

/** The dossier of the technical user, or of the structure, that was named. Throws CommandError. */
async function namedDossier(
  found: FoundAccount,
  registry: ShowContext['registry'],
  io: CommandIo,
): Promise<Dossier> {
  const structure = found.kind === 'several' ? found.siret : null;
  // The dossier itself says whose it is, on the output.
  const { login, environment } =
    structure === null ? takenFrom(found, { json: true }, io) : { login: structure, environment: null };
  const dossier = await registry.dossier(login, environment);
  if (dossier === null) throw new CommandError(EXIT.failed, 'it was removed meanwhile');
  return dossier;
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

/** The same, in so many columns. */
type Layout = Basis & TableFit;

function text(dossier: Dossier, users: readonly ShownUser[], basis: Layout): string {
  const { structure, mandates, history } = dossier;
  const parts = [
    structure === null ? '' : phoned(`${structure.name}\nSIRET ${structure.siret}`, structure.phone),
    ...users.map((user) => userText(user, dossier.letters, basis)),
    users.length === 0 ? 'No technical user.' : '',
    managersText(mandates, basis),
    historyText(history, basis),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function userText(
  { user, status, handover }: ShownUser,
  letters: readonly LetterRecord[],
  basis: Layout,
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
  const sent = lettersText(
    letters.filter((letter) => letter.userId === user.id),
    basis,
  );
  const parts = [`${user.login}\n${rowsTable(facts, basis)}`, sent];
  if (handover !== null) {
    const { aggregate, next } = handover;
    const { inService, candidate } = next;
    parts.push(
      healthText(aggregate, inService, basis),
      handoverText(aggregate, { ...basis, next: candidate }),
    );
  }
  return parts.filter(Boolean).join('\n\n');
}

function reach(person: Person): string {
  const name = usableAddress(person) === null ? `${person.name}, cannot be written to` : contactText(person);
  return phoned(name, person.phone);
}

function daysText(days: number | null): string {
  if (days === null) return '';
  const words = `${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'}`;
  return `${words} ${days >= 0 ? 'left' : 'ago'}`;
}
