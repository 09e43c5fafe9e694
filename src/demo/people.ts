// What people do in the demo: managers renew passwords, hand over to others, and one of them lives the story by himself.
import { registryActionsOver } from '../composition/command-parts.ts';
import type { Environment } from '../domain/account/technical-user.ts';
import { userKey } from '../domain/registry/registration.ts';
import type { Correction } from '../domain/registry/registry.ts';
import { generatePassword } from '../simulator/chorus-pro/accounts.ts';
import type { ChorusAccount } from '../simulator/chorus-pro/events.ts';
import type { HandClock } from './clock.ts';
import type { DemoEnvironment } from './environment.ts';
import { type DemoFleet, STORY } from './fleet.ts';
import { entriesOn, type Printer } from './printer.ts';

export interface PeopleParts {
  readonly environment: Pick<DemoEnvironment, 'parts' | 'chorus'>;
  readonly clock: HandClock;
  readonly fleet: DemoFleet;
  readonly printer: Printer;
  /** What the story's manager does on his day; null where the user of the demo plays him. */
  readonly playManager: (() => Promise<void>) | null;
}

export type People = ReturnType<typeof openPeople>;

/** Each action returns what was wrong, or null. */
export function openPeople(parts: PeopleParts) {
  const { clock } = parts;
  const { parts: daemonParts, chorus } = parts.environment;
  // As `releve set` does.
  const correct = async (login: string, environment: Environment, correction: Correction) => {
    const stamp = { at: clock.now().epochMilliseconds, who: 'demo', why: null };
    const corrected = await registryActionsOver(daemonParts).correct(
      { subject: login, environment, correction, dryRun: false },
      stamp,
    );
    if (corrected.kind === 'unknown') return `${login} is not known`;
    return corrected.kind === 'wrong' ? corrected.message : null;
  };
  /** Resets the password on the portal today, and lets only the date be known. */
  const renew = async (login: string, environment: Environment) => {
    // The date read on the portal was that of the former password.
    const today = clock.parisTime().toPlainDate().toString();
    const fault = await correct(login, environment, { changed: today, expires: 'none' });
    if (fault === null) chorus.accounts.replace({ login, environment }, generatePassword());
    return fault;
  };
  return { renew, correct, react: () => react(parts, renew) };
}

/** On a working day, managers whose day has come renew their passwords. */
async function react(
  { environment: { parts }, clock, fleet, printer, playManager: playStory }: PeopleParts,
  renew: (login: string, environment: Environment) => Promise<string | null>,
): Promise<void> {
  const today = clock.parisTime().toPlainDate();
  if (!parts.rules.calendar.isWorkingDay(today)) return;
  for (const { login, environment, structure, expiresOn } of await entriesOn(parts, today)) {
    const days = fleet.reactions.get(userKey(login, environment));
    if (days === undefined || expiresOn === null) continue;
    if (Temporal.PlainDate.compare(Temporal.PlainDate.from(expiresOn).add({ days }), today) > 0) continue;
    if (login === STORY.login) {
      await playStory?.();
      continue;
    }
    const fault = await renew(login, environment);
    printer.event(today, fault ?? `${structure}: the password of ${login} was renewed`);
  }
}

interface ManagerJourney {
  /** The personal link, as the letter has it. */
  readonly link: string;
  /** Without a slash at its end. */
  readonly portalUrl: string;
  readonly account: ChorusAccount;
}

/**
 * Does what the story asks of its manager: announces, resets on the portal, submits. Over HTTP, as a browser without
 * scripts would. Throws when a page is not what it should be.
 */
export async function playManager({ link, portalUrl, account }: ManagerJourney): Promise<void> {
  const seal = required(await page(link), /name="seal" value="([^"]+)"/, 'the form of the letter’s link');
  await page(`${link}/annonce`, { seal, ready: 'yes' });
  const shown = await page(`${portalUrl}/demandes`, {
    structure: account.home.siret,
    compte: `${account.environment} ${account.login}`,
  });
  const password = required(shown, /id="mot-de-passe">([^<]+)</, 'the red frame of the portal');
  const number = required(shown, /action="\/demandes\/(\d+)\/soumission"/, 'the button of the portal');
  const submitted = await page(`${portalUrl}/demandes/${number}/soumission`, {});
  const expiry = required(submitted, /id="expiration">([^<]+)</, 'the date of the portal');
  await page(link, { seal, password, login: account.login, expiry });
}

/** A page that takes longer counts as failed, in ms. */
const DEADLINE_MS = 20_000;

/** The page at an address, or the one that answers a form. Throws when a form gets no success. */
async function page(url: string, form?: Readonly<Record<string, string>>): Promise<string> {
  const posted = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const answer = await fetch(url, { ...posted, signal: AbortSignal.timeout(DEADLINE_MS) });
  if (form !== undefined && !answer.ok) throw new Error(`HTTP ${answer.status} where a form was sent`);
  return answer.text();
}

/** Portal passwords have no character that HTML must escape. The error never quotes the text, which may contain one. */
function required(text: string, pattern: RegExp, what: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`${what} is not there`);
  return value;
}
