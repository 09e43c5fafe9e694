// What the demo's pages are given: letters, accounts and the story as they are shown, and what a button does.
import { type Parts, registryActionsOver } from '../composition/parts.ts';
import type { Environment } from '../domain/account/expiry.ts';
import type { Person, TechnicalUser } from '../domain/account/technical-user.ts';
import { readAddress } from '../domain/parsing/address.ts';
import { readName } from '../domain/parsing/entry.ts';
import { accountStatusOf, listEntry, STATES } from '../domain/reminder/account-status.ts';
import { shortDay } from '../simulator/portal/page-frame.ts';
import type { DemoEnvironment } from './environment.ts';
import type { Account, DemoDesk, ShownPerson } from './pages/dashboard-view.ts';
import type { People } from './people.ts';
import type { Moved, Play } from './simulation.ts';
import type { DemoHandover } from './story-rotation.ts';

/** The desk at which the pages ask. */
export function openDesk(
  play: Play,
  { parts, catcher }: DemoEnvironment,
  people: People,
  handover: DemoHandover,
): DemoDesk {
  let lastMove: string | null = null;
  const told = (fault: string | null, words: string) => {
    if (fault === null) lastMove = words;
    return fault;
  };
  return {
    now: () => play.clock.here(),
    seen: () => play.clock.setTo,
    lastMove: () => lastMove,
    isMoving: () => play.isMoving,
    letters: () => catcher.letters.map((letter) => ({ ...letter, step: play.stepOf(letter.number) })),
    accounts: () => accountsOn(parts, play.clock.here().toPlainDate()),
    story: handover.story,
    connector: handover.connector,
    move: async (span) => {
      const moved = await play.move(span);
      if (moved !== null) lastMove = inWords(moved);
    },
    renew: async ({ login, environment }) => {
      const fault = await play.deed(() => people.renew(login, environmentOf(environment)));
      return told(fault, `Renouvelé : ${login}.`);
    },
    handOver: async ({ login, environment }, name, email) => {
      const manager = managerOf(parts, name, email);
      if (typeof manager === 'string') return manager;
      const fault = await play.deed(() => people.correct(login, environmentOf(environment), { manager }));
      return told(fault, `Nouveau gestionnaire : ${manager.name} <${manager.email}>.`);
    },
    setPisteDown: (down) => {
      lastMove = switched(handover, down);
    },
  };
}

function switched(handover: DemoHandover, down: boolean): string {
  handover.setPisteDown(down);
  return down ? 'PISTE est en panne.' : 'PISTE répond de nouveau.';
}

/** Who was named, or what is wrong with it. */
function managerOf(parts: Parts, name: string, email: string) {
  const [who, where] = [readName(name), readAddress(email, registryActionsOver(parts).isAddress)];
  if (!who.ok || who.value === '') return 'Un nom est attendu.';
  if (!where.ok) return 'Cette adresse n’en est pas une.';
  return { name: who.value, email: where.value };
}

const environmentOf = (text: string): Environment =>
  text === 'qualification' ? 'qualification' : 'production';

const french = (day: Temporal.PlainDate) => shortDay(day.toString());

function inWords({ from, to, posted }: Moved): string {
  const sent = posted.filter(({ outcome }) => outcome.kind === 'sent').length;
  const refused = posted.length - sent;
  const count = (number: number, what: string) => `${number} ${what}${number > 1 ? 's' : ''}`;
  const letters = sent === 0 ? 'aucune lettre' : `${count(sent, 'lettre')} remise${sent > 1 ? 's' : ''}`;
  const period = from.equals(to) ? `Le ${french(from)}` : `Du ${french(from)} au ${french(to)}`;
  return `${period} : ${letters}${refused === 0 ? '' : `, ${count(refused, 'refusée')}`}.`;
}

/** Everybody on a day, the most pressing first. */
async function accountsOn(parts: Parts, today: Temporal.PlainDate): Promise<Account[]> {
  const accounts: Account[] = [];
  for await (const users of parts.registry.everyone()) {
    for (const user of users) accounts.push(accountOf(user, today, parts));
  }
  const order: readonly string[] = STATES;
  const place = ({ state }: Account) => order.indexOf(state);
  return accounts.sort((a, b) => place(a) - place(b) || (a.expiresOn ?? '').localeCompare(b.expiresOn ?? ''));
}

function accountOf(user: TechnicalUser, today: Temporal.PlainDate, parts: Parts): Account {
  const entry = listEntry(user, accountStatusOf(user, today, parts.rules));
  const { login, environment, siret, structure, expiresOn, daysLeft, state, step, lastLetter } = entry;
  return {
    login,
    environment,
    siret,
    structure,
    further: user.further.map(({ name }) => name),
    expiresOn,
    source: entry.expirySource,
    daysLeft,
    state,
    step,
    lastLetter,
    principal: personOf(user.principal),
    secondaries: user.secondaries.flatMap((person) => personOf(person) ?? []),
  };
}

function personOf(person: Person | null): ShownPerson | null {
  return person && { name: person.name, email: person.email, refused: person.dead?.reason ?? null };
}
