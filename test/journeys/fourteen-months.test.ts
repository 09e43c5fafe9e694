// Fourteen simulated months for a hundred structures, through a real mail server, judged by what lies in the mailboxes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReminderWork } from '../../src/composition/daemon.ts';
import { mailTransportOf } from '../../src/composition/letters.ts';
import { openParts } from '../../src/composition/parts.ts';
import { parisDay } from '../../src/domain/shared/calendar.ts';
import { handClock } from '../fakes/clock.ts';
import { type Planted, plant } from '../fakes/fleet.ts';
import { type ReceivedMail, readAllMailboxes } from '../rig/imap-box.ts';
import { installationVariables, silent, temporaryFolder, testConfig } from '../rig/installation.ts';
import { type MailServer, startMailServer } from '../rig/mail-server.ts';
import { expectedLetters, isWorked } from './oracle.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const START = day('2026-12-01');
const END = day('2028-02-01');
/** Days on which the mail server is down, and days on which the daemon is. Both hold steps, holidays and weekends. */
const MAIL_DOWN = ['2027-03-24', '2027-03-27'] as const;
const DAEMON_DOWN = ['2027-07-12', '2027-07-26'] as const;
const within = (d: Temporal.PlainDate, [from, to]: readonly [string, string]) =>
  from <= d.toString() && d.toString() < to;
const works = (d: Temporal.PlainDate) => !within(d, MAIL_DOWN) && !within(d, DAEMON_DOWN);

const STRUCTURES = 100;
const GONE = ['manager7@commune.test', 'manager8@commune.test'];

/** A structure of the simulation: its date, how we know it, and when its manager renews the password. */
interface Life {
  readonly index: number;
  readonly login: string;
  readonly manager: string;
  readonly deputy: string | null;
  readonly deadline: Temporal.PlainDate;
  readonly computed: boolean;
  readonly renewedOn: Temporal.PlainDate;
}

/** Deadlines spread over the year, on weekends, holidays and clock changes too; some managers are late, some never act. */
function lifeOf(index: number): Life {
  const deadline = START.add({ days: 3 + Math.floor((index * 397) % 400) });
  const slack = [20, 5, 1, -2, -9, -40][index % 6] ?? 0;
  const wanted = deadline.subtract({ days: slack });
  const renewedOn = index % 10 === 9 || Temporal.PlainDate.compare(wanted, START) <= 0 ? END : wanted;
  return {
    index,
    login: `TECH_1_${String(21_000_000_000_000 + index)}@cpro.fr`,
    // Every fifth manager also manages the structure after.
    manager: `manager${index % 5 === 1 ? index - 1 : index}@commune.test`,
    deputy: index % 3 === 0 ? `deputy${index}@commune.test` : null,
    deadline,
    computed: index % 2 === 0,
    renewedOn: Temporal.PlainDate.compare(renewedOn, END) > 0 ? END : renewedOn,
  };
}

const lives = Array.from({ length: STRUCTURES }, (_, index) => lifeOf(index));
const UNKNOWN = { login: 'TECH_1_29999999999999@cpro.fr', manager: 'unknown@commune.test' };

let mail: MailServer;
let boxes: ReadonlyMap<string, readonly ReceivedMail[]>;

beforeAll(async () => {
  mail = await startMailServer({ unknown: GONE });
  const folder = await temporaryFolder();
  const clock = handClock('2026-12-01T00:05');
  const config = testConfig(installationVariables(folder.path, mail.smtp.port));
  const parts = await openParts(config, null);
  const transport = mailTransportOf(config, { smtpPassword: null, dkimKey: null, ca: null });
  const daemon = openReminderWork({
    ...{ ...parts, transport, clock, logger: silent },
    letterContext: null,
    tickMs: Number.POSITIVE_INFINITY,
  });
  const planted: Planted[] = lives.map((life) => ({
    login: life.login,
    manager: life.manager,
    deputies: life.deputy === null ? [] : [life.deputy],
    portalOn: life.computed ? null : life.deadline.toString(),
    // A year before, so that the date worked towards is the deadline; no 29 February lies in between.
    changedOn: life.computed ? life.deadline.subtract({ years: 1 }).toString() : null,
  }));
  await plant(parts.database, [...planted, UNKNOWN]);

  for (let today = START; Temporal.PlainDate.compare(today, END) < 0; today = today.add({ days: 1 })) {
    const renewed = lives.filter((life) => life.renewedOn.equals(today)).map((life) => life.login);
    if (renewed.length > 0) {
      // What a rotation will do: a new password, its day, and a look at the next tick.
      await parts.database.db
        .updateTable('technical_users')
        .set((e) => ({
          version: e('version', '+', 1),
          changed_on: today.toString(),
          portal_on: null,
          wake_on: '',
        }))
        .where('login', 'in', renewed)
        .execute();
    }
    if (today.toString() === MAIL_DOWN[0]) {
      // What the server has taken is delivered first: a server killed in its own work would deliver twice.
      await mail.settled();
      await mail.stopSmtp();
    }
    if (today.toString() === MAIL_DOWN[1]) await mail.startSmtp();
    if (within(today, DAEMON_DOWN)) continue;
    for (const time of ['02:30', '08:30', '08:31', '12:00', '16:59', '23:59']) {
      clock.set(`${today}T${time}`);
      await daemon.tick();
    }
  }
  await transport.close();
  await parts.close();
  await folder.remove();
  const arrived = await readAllMailboxes(mail);
  // The mail server delivers side by side: the order of sending is that of the Date headers.
  const when = (letter: ReceivedMail) => letter.date?.epochMilliseconds ?? 0;
  boxes = new Map(
    [...arrived].map(([address, letters]) => [address, letters.toSorted((a, b) => when(a) - when(b))]),
  );
}, 300_000);

afterAll(() => mail?.stop());

/** « 12 mars 2027 », by another way than the letters' own. */
function inWords(deadline: Temporal.PlainDate): string {
  const words = new Intl.DateTimeFormat('fr-FR', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return words.format(new Date(`${deadline}T00:00:00Z`)).replace(/^1 /, '1er ');
}

/** The text of each letter with its blanks made one; every life looks through all of them. */
const plainTexts = new WeakMap<ReceivedMail, string>();
function plain(letter: ReceivedMail): string {
  const known = plainTexts.get(letter) ?? letter.text.replaceAll(/\s+/g, ' ');
  plainTexts.set(letter, known);
  return known;
}
const dayOf = (letter: ReceivedMail) =>
  parisDay(letter.date ?? Temporal.Instant.from('1970-01-01T00:00:00Z'));

/** The digest shows when letters left, and that may be a day of a deadline. */
const ahead = (letter: ReceivedMail) => plain(letter).split('Courriels partis')[0] ?? '';

/** The days on which a mailbox was told of a login's deadline. */
function toldDays(address: string, life: Life): string[] {
  const deadline = inWords(life.deadline);
  // The few words of a month say how many days it is past.
  const late = (letter: ReceivedMail) =>
    `dépassée de ${life.deadline.until(dayOf(letter), { largestUnit: 'day' }).days} jours`;
  return (boxes.get(address) ?? [])
    .filter((letter) => ahead(letter).includes(life.login))
    .filter((letter) => ahead(letter).includes(deadline) || ahead(letter).includes(late(letter)))
    .filter((letter) => letter.envelopeTo === address)
    .map((letter) => dayOf(letter).toString())
    .sort();
}

const expectedOf = (life: Life) => expectedLetters(life.deadline, START, life.renewedOn, works);

describe('fourteen months, read from the mailboxes', () => {
  it('missed no step and told none twice, for every manager that can be reached', () => {
    let letters = 0;
    for (const life of lives.filter(({ manager }) => !GONE.includes(manager))) {
      const expected = expectedOf(life).map(({ on }) => on);
      expect({ login: life.login, days: toldDays(life.manager, life) }).toEqual({
        login: life.login,
        days: expected,
      });
      letters += expected.length;
    }
    expect(letters).toBeGreaterThan(700);
  });

  it('told the deputies from 15 days; the IT service got digests, alarms and lists of tasks, and no copy', () => {
    for (const life of lives.filter(({ manager }) => !GONE.includes(manager))) {
      const expected = expectedOf(life);
      const from = (offset: number) => expected.filter(({ step }) => step >= offset).map(({ on }) => on);
      if (life.deputy !== null)
        expect(toldDays(life.deputy, life)).toEqual(expect.arrayContaining(from(-15)));
    }
    const toIt = boxes.get('it@siagep.test') ?? [];
    expect(toIt.filter(({ subject, cc }) => !/^Relève/.test(subject) || cc.length > 0)).toEqual([]);
    // Each manager who has not renewed by the end of the ladder is to be called.
    const late = lives.filter((life) => expectedOf(life).some(({ step }) => step >= 14));
    const lists = toIt.filter(({ subject }) => subject.startsWith('Relève, à faire')).map(plain);
    expect(late.filter(({ login }) => !lists.some((text) => text.includes(login)))).toEqual([]);
    expect(lists.length).toBeLessThanOrEqual(late.length);
  });

  it('put nothing into a mailbox on a day without work, or twice', () => {
    let all = 0;
    for (const [address, letters] of boxes) {
      const ids = letters.map((letter) => letter.messageId);
      expect({ address, ids: new Set(ids).size }).toEqual({ address, ids: ids.length });
      for (const letter of letters)
        expect(isWorked(dayOf(letter)), `${address} ${letter.subject} ${dayOf(letter)}`).toBe(true);
      all += letters.length;
    }
    expect(all).toBeGreaterThan(800);
  });

  it('sent every letter to people within the window', () => {
    for (const [address, letters] of boxes) {
      if (address === 'it@siagep.test') continue;
      for (const letter of letters) {
        const time = letter.date?.toZonedDateTimeISO('Europe/Paris').toPlainTime().toString() ?? '';
        expect(time >= '08:30:00' && time < '17:00:00', `${address} ${time}`).toBe(true);
      }
    }
  });

  it('said nothing of a password after it was renewed', () => {
    for (const life of lives) {
      for (const address of [life.manager, life.deputy ?? '', 'it@siagep.test']) {
        const late = toldDays(address, life).filter((on) => on >= life.renewedOn.toString());
        // The weekly digest of the IT service lists coming dates, never one that was renewed.
        expect({ address, login: life.login, late }).toEqual({ address, login: life.login, late: [] });
      }
    }
  });

  it('asked for the unknown date at most monthly, all the time', () => {
    const days = (boxes.get(UNKNOWN.manager) ?? []).map((letter) => dayOf(letter));
    expect(days.length).toBeGreaterThanOrEqual(13);
    days.slice(1).forEach((on, index) => {
      const before = days[index] ?? on;
      expect(Temporal.PlainDate.compare(on, before.add({ months: 1 }))).toBeGreaterThanOrEqual(0);
      expect(before.until(on, { largestUnit: 'day' }).days).toBeLessThan(50);
    });
  });

  it('told the IT service of dead addresses on the day they were found out', () => {
    const alarms = (boxes.get('it@siagep.test') ?? []).filter((letter) =>
      GONE.some((gone) => letter.text.includes(gone)),
    );
    for (const gone of GONE) {
      const life = lives.find(({ manager }) => manager === gone);
      if (life === undefined) throw new Error(gone);
      const [first] = expectedOf(life);
      if (first === undefined) continue;
      const told = alarms
        .filter((letter) => letter.text.includes(gone))
        .map((letter) => dayOf(letter).toString());
      expect({ gone, told: told.includes(first.on) }).toEqual({ gone, told: true });
    }
  });

  it('sent the digest every week in which it ran', () => {
    const subjects = (boxes.get('it@siagep.test') ?? []).filter(
      (letter) => letter.cc.length === 0 && letter.to.length === 1,
    );
    expect(subjects.length).toBeGreaterThan(55);
  });

  it('gave the deadline for the calendar with the first letter of a ladder only', () => {
    for (const life of lives.filter(({ manager }) => !GONE.includes(manager)).slice(0, 20)) {
      const about = (boxes.get(life.manager) ?? []).filter(
        (letter) => letter.text.includes(life.login) && plain(letter).includes(inWords(life.deadline)),
      );
      const entry = (letter: ReceivedMail) =>
        letter.attachments.some((file) =>
          file.content.includes(life.deadline.toString().replaceAll('-', '')),
        );
      expect(about.map(entry)).toEqual(about.map((_, place) => place === 0));
    }
  });
});
