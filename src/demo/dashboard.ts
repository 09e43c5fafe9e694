// Builds the dashboard behind the demo's pages: letters, accounts, the story, and the actions of the forms.

import { registryActionsOver } from '../composition/command-parts.ts';
import type { Parts } from '../composition/parts.ts';
import type { Environment, Person, TechnicalUser } from '../domain/account/technical-user.ts';
import { readAddress } from '../domain/parsing/address.ts';
import { readName } from '../domain/parsing/name.ts';
import { accountStatusOf, listEntry, STATES } from '../domain/reminder/account-status.ts';
import { shortDay } from '../simulator/portal/page-frame.ts';
import type { DemoEnvironment } from './environment.ts';
import type { Dashboard, ShownAccount, ShownPerson } from './pages/dashboard-view.ts';
import type { People } from './people.ts';
import type { ClockMove, Simulation } from './simulation.ts';
import type { StoryRotation } from './story-rotation.ts';

export function openDashboard(
  simulation: Simulation,
  { parts, catcher }: DemoEnvironment,
  people: People,
  rotation: StoryRotation,
): Dashboard {
  let lastMove: string | null = null;
  const noted = (fault: string | null, words: string) => {
    if (fault === null) lastMove = words;
    return fault;
  };
  return {
    now: () => simulation.clock.parisTime(),
    clockSetAt: () => simulation.clock.setTo,
    lastMove: () => lastMove,
    isMoving: () => simulation.isMoving,
    letters: () => catcher.letters.map((letter) => ({ ...letter, step: simulation.stepOf(letter.number) })),
    accounts: () => accountsOn(parts, simulation.clock.parisTime().toPlainDate()),
    story: rotation.story,
    connector: rotation.connector,
    move: async (span) => {
      const moved = await simulation.move(span);
      if (moved !== null) lastMove = inWords(moved);
    },
    renew: async ({ login, environment }) => {
      const fault = await simulation.act(() => people.renew(login, environmentOf(environment)));
      return noted(fault, `Renouvelé : ${login}.`);
    },
    changeManager: async ({ login, environment }, name, email) => {
      const manager = managerOf(parts, name, email);
      if (typeof manager === 'string') return manager;
      const fault = await simulation.act(() =>
        people.correct(login, environmentOf(environment), { manager }),
      );
      return noted(fault, `Nouveau gestionnaire : ${manager.name} <${manager.email}>.`);
    },
    setPiste: (state) => {
      rotation.setPiste(state);
      lastMove = state === 'down' ? 'PISTE est en panne.' : 'PISTE répond de nouveau.';
    },
  };
}

/** The person that the form names, or what is wrong with it. */
function managerOf(parts: Parts, name: string, email: string) {
  const [person, address] = [readName(name), readAddress(email, registryActionsOver(parts).isAddress)];
  if (!person.ok || person.value === '') return 'Un nom est attendu.';
  if (!address.ok) return 'Cette adresse n’en est pas une.';
  return { name: person.value, email: address.value };
}

const environmentOf = (text: string): Environment =>
  text === 'qualification' ? 'qualification' : 'production';

const french = (day: Temporal.PlainDate) => shortDay(day.toString());

function inWords({ from, to, attempts }: ClockMove): string {
  const sent = attempts.filter(({ outcome }) => outcome.kind === 'sent').length;
  const refused = attempts.length - sent;
  const count = (number: number, what: string) => `${number} ${what}${number > 1 ? 's' : ''}`;
  const letters = sent === 0 ? 'aucun courriel' : `${count(sent, 'courriel')} remis`;
  const period = from.equals(to) ? `Le ${french(from)}` : `Du ${french(from)} au ${french(to)}`;
  return `${period} : ${letters}${refused === 0 ? '' : `, ${count(refused, 'refusée')}`}.`;
}

/** All accounts on a day, the most pressing first. */
async function accountsOn(parts: Parts, today: Temporal.PlainDate): Promise<ShownAccount[]> {
  const accounts: ShownAccount[] = [];
  for await (const users of parts.registry.everyone()) {
    for (const user of users) accounts.push(accountOf(user, today, parts));
  }
  const order: readonly string[] = STATES;
  const place = ({ state }: ShownAccount) => order.indexOf(state);
  return accounts.sort((a, b) => place(a) - place(b) || (a.expiresOn ?? '').localeCompare(b.expiresOn ?? ''));
}

function accountOf(user: TechnicalUser, today: Temporal.PlainDate, parts: Parts): ShownAccount {
  const entry = listEntry(user, accountStatusOf(user, today, parts.rules));
  return {
    ...entry,
    further: user.further.map(({ name }) => name),
    source: entry.expirySource,
    principal: personOf(user.principal),
    secondaries: user.secondaries.flatMap((person) => personOf(person) ?? []),
  };
}

function personOf(person: Person | null): ShownPerson | null {
  if (person === null) return null;
  const { name, email, phone, dead } = person;
  return { name, email, phone, refused: dead?.reason ?? null };
}
