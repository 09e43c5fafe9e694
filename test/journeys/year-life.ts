// Lives the simulated year: every deed at its hour, and every letter looked at as it leaves.
import { Secret } from '../../src/domain/shared/secret.ts';
import { castOf, deedsOf, FROM } from './year-cast.ts';
import { kindOf, openChecker } from './year-checker.ts';
import { OF_ALARMS } from './year-of-alarms.ts';
import { OF_DIGESTS } from './year-of-digests.ts';
import { OF_REMINDERS } from './year-of-reminders.ts';
import { OF_ROTATIONS } from './year-of-rotations.ts';
import { readRecords } from './year-records.ts';
import { loginsIn } from './year-words.ts';
import { openYear } from './year-world.ts';

/** Every sentence that a letter may say. */
export const TABLE = [...OF_REMINDERS, ...OF_ROTATIONS, ...OF_ALARMS, ...OF_DIGESTS];

/** Lives so many days of so many accounts; what was found is in its checker. The world is to be closed. */
export async function liveYear(count: number, days: number) {
  const cast = castOf(count);
  const checker = openChecker(TABLE);
  const failed: string[] = [];
  const year = await openYear(cast, `${FROM}T08:00`);
  for (const { login, password } of cast) {
    year.chorus.alive.set(login, password);
    for (const sink of year.sinks) sink.held.set(login, password);
  }
  for (const name of ['mort1', 'mort2', 'mort3']) year.mail.dead.add(`${name}@parti.test`);
  year.mail.hearWith(async (mail) => {
    const text = JSON.stringify([mail.letter.subject, mail.letter.firstLine, mail.letter.blocks]);
    const whole = /^(?:digest|tasks)/.test(mail.id);
    const asked = { logins: loginsIn(text), whole, now: year.now() };
    checker.checkMail(mail, await readRecords(year.database, year.ports, asked));
  });
  // The first day: the passwords that connectors use already.
  const listed = cast
    .filter(({ enrolled }) => enrolled)
    .map(({ login, password, environment = 'production' }, at) => ({
      ...{ line: at + 1, login, environment, password: new Secret(password) },
    }));
  const enrolment = await year.operator.enrol(listed, { write: false, progress: () => undefined });
  await year.round();
  const users = await Promise.all(cast.map(({ login }) => year.userOf(login)));
  const versions = [...new Set(users.map(({ version }) => version))];
  const firstDay = { letters: year.mail.taken.length, versions };
  const end = FROM.add({ days });
  for (const { at, who, what, act } of deedsOf(cast)) {
    if (at >= end.toString()) break;
    await year.until(at);
    await act(year).catch((error: unknown) => failed.push(`${at} ${who} ${what}: ${String(error)}`));
    await year.round();
  }
  await year.until(`${end}T17:00`);
  const letters = year.mail.taken.map(kindOf);
  return { ...year, checker, failed, enrolment, firstDay, letters };
}

export type LivedYear = Awaited<ReturnType<typeof liveYear>>;
