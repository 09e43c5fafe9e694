// What people do in the demo: managers renew their passwords, hand over to others, and one hands in as the letter asks.
import { type Parts, registryContext } from '../composition/daemon.ts';
import type { Environment } from '../domain/account/expiry.ts';
import type { Correction } from '../domain/registry/correction.ts';
import { userKey } from '../domain/registry/registration.ts';
import { generatePassword } from '../simulator/chorus-pro/accounts.ts';
import type { HandClock } from './clock.ts';
import type { DemoEnvironment } from './environment.ts';
import { type DemoFleet, STORY } from './fleet.ts';
import { entriesOn, type Story } from './story.ts';

/** What people are made of. */
export interface PeopleParts {
  readonly demo: Pick<DemoEnvironment, 'parts' | 'chorus'>;
  readonly clock: HandClock;
  readonly fleet: DemoFleet;
  readonly story: Story;
  /** What the manager of the story does when his day has come; null where a person plays him. */
  readonly errand: (() => Promise<void>) | null;
}

/** Each deed answers what was wrong, or null. */
export interface People {
  /** Resets the password on the portal today, and lets only the date be known. */
  renew(login: string, environment: Environment): Promise<string | null>;
  correct(login: string, environment: Environment, correction: Correction): Promise<string | null>;
  /** Those whose day has come act, on a working day. */
  react(): Promise<void>;
}

export function openPeople(parts: PeopleParts): People {
  const { demo, clock } = parts;
  const correct: People['correct'] = (login, environment, correction) =>
    correctNow(demo.parts, clock, login, environment, correction);
  const renew: People['renew'] = async (login, environment) => {
    // The date read on the portal was that of the former password.
    const today = clock.here().toPlainDate().toString();
    const fault = await correct(login, environment, { changed: today, expires: 'none' });
    if (fault === null) demo.chorus.accounts.replace({ login, environment }, generatePassword());
    return fault;
  };
  return { renew, correct, react: () => react(parts, renew) };
}

async function react(
  { demo, clock, fleet, story, errand }: PeopleParts,
  renew: People['renew'],
): Promise<void> {
  const today = clock.here().toPlainDate();
  if (!demo.parts.rules.calendar.isWorkingDay(today)) return;
  for (const { login, environment, structure, expiresOn } of await entriesOn(demo.parts, today)) {
    const days = fleet.reactions.get(userKey(login, environment));
    if (days === undefined || expiresOn === null) continue;
    if (Temporal.PlainDate.compare(Temporal.PlainDate.from(expiresOn).add({ days }), today) > 0) continue;
    if (login === STORY.login) {
      await errand?.();
      continue;
    }
    const fault = await renew(login, environment);
    story.event(today, fault ?? `${structure}: the password of ${login} was renewed`);
  }
}

/** Makes a correction as `releve set` would; answers what was wrong, or null. */
async function correctNow(
  parts: Parts,
  clock: HandClock,
  login: string,
  environment: Environment,
  correction: Correction,
): Promise<string | null> {
  const stamp = { at: clock.now().epochMilliseconds, who: 'demo', why: null };
  const corrected = await registryContext(parts).correct(login, environment, correction, false, stamp);
  if (corrected.kind === 'unknown') return `${login} is not known`;
  return corrected.kind === 'wrong' ? corrected.message : null;
}
