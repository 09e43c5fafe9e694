// The checker of letters: it looks up every sentence of a letter in one table, and compares what it claims with our records at that
// minute; and it compares each letter with those that the same reader got in the day before.
import type { OutgoingMail } from '../../src/domain/ports/mail-transport.ts';
import type { Account, Records } from './year-records.ts';
import { loginsIn, patternOf, plain, type Unit, unitsOf, unreadIn } from './year-words.ts';

/** What stood in the holes of a pattern. */
export type Said = Readonly<Record<string, string>>;

/** A letter as it left: its kind is the first word of its name, `reminder` for those of the ladder. */
export interface Letter {
  readonly kind: string;
  readonly id: string;
  readonly reader: string;
  readonly subject: string;
  readonly units: readonly Unit[];
  /** The addresses of its personal links. */
  readonly links: readonly string[];
}

/** What a claim is compared with. */
export interface At {
  readonly letter: Letter;
  readonly records: Records;
  /** The accounts that the letter names, and the one beside which the sentence stands. */
  readonly all: readonly Account[];
  readonly one: Account | null;
  /** The accounts below the same heading. */
  readonly section: readonly Account[];
  readonly heading: string;
  /** Reminders about this account's password and date that reached the reader before. */
  readonly before: readonly SentReminder[];
}

interface SentReminder {
  readonly reader: string;
  readonly login: string;
  readonly about: string;
}

/** A sentence that letters may say, and what must be true where it stands. */
export interface Sentence {
  readonly words: string;
  readonly pattern: RegExp;
  readonly holds: (said: Said, at: At) => boolean;
}

/** A sentence of state. */
export const says = (words: string, holds: Sentence['holds']): Sentence => ({
  ...{ words, holds },
  pattern: patternOf(words),
});

/** A sentence that says nothing of any state. */
export const always = (words: string): Sentence => says(words, () => true);

/** A sentence that is not true, or that nobody knows, and in which letter it stood. */
export interface Finding {
  readonly what: 'unknown sentence' | 'not true' | 'unread' | 'contradicts a letter of the day before';
  readonly when: string;
  readonly to: string;
  readonly letter: string;
  readonly sentence: string;
  readonly known: string;
}

/** What a letter asks of its reader about an account, as far as others may contradict it. */
type Stance = 'renew' | 'nothing';

interface Told {
  readonly reader: string;
  readonly login: string;
  readonly at: number;
  readonly stance: Stance;
  readonly state: string;
  readonly subject: string;
}

const DAY_MS = 86_400_000;
const KIND = /^(?:alarm|tasks|digest|link|confirmation|refusal|not-submitted|unclear|stopped|working-again)/;

export const kindOf = ({ id }: Pick<OutgoingMail, 'id'>): string => KIND.exec(id)?.[0] ?? 'reminder';

/** The letter that left, cut up. */
function letterOf(mail: OutgoingMail, known: (text: string) => boolean): Letter {
  const { id, envelopeTo, letter } = mail;
  const links = letter.blocks.flatMap((block) => (block.kind === 'link' ? [block.url] : []));
  return {
    ...{ kind: kindOf(mail), id, links, reader: envelopeTo, subject: plain(letter.subject) },
    units: unitsOf(letter, known),
  };
}

/** Opens the checker over a table; it remembers the letters that it has seen. */
export function openChecker(table: readonly Sentence[]) {
  const findings: Finding[] = [];
  const used = new Map<Sentence, number>();
  const reminders: SentReminder[] = [];
  const told: Told[] = [];
  const looked = new Map<string, Sentence | null>();
  const find = (text: string): Sentence | null => {
    const before = looked.get(text);
    if (before !== undefined) return before;
    const found = table.find(({ pattern }) => pattern.test(text)) ?? null;
    looked.set(text, found);
    return found;
  };
  const known = (text: string) => find(text) !== null;

  function check(letter: Letter, records: Records): void {
    const accountOf = (login: string) => records.accounts.get(login) ?? null;
    const named = (logins: readonly string[]) =>
      logins.map(accountOf).filter((one): one is Account => one !== null);
    const all = named(loginsIn(letter.units.map(({ text }) => text).join(' ')));
    const note = (what: Finding['what'], sentence: string, one: Account | null) =>
      findings.push({
        ...{ what, sentence, to: letter.reader, letter: `${letter.id} « ${letter.subject} »` },
        when: Temporal.Instant.fromEpochMilliseconds(records.now)
          .toZonedDateTimeISO('Europe/Paris')
          .toString({ smallestUnit: 'minute', timeZoneName: 'never', offset: 'never' }),
        known: one === null ? '' : inShort(one),
      });
    const units = [
      { text: `OBJET ${letter.subject}`, login: all[0]?.user.login ?? null, heading: '', section: [] },
      ...letter.units,
    ];
    for (const { text, login, heading, section } of units) {
      const one = login === null ? (all[0] ?? null) : accountOf(login);
      const before = reminders.filter(({ reader }) => reader === letter.reader);
      const at: At = { letter, records, all, one, section: named(section), heading, before };
      const sentence = find(text);
      if (sentence === null) {
        note('unknown sentence', text, one);
        continue;
      }
      used.set(sentence, (used.get(sentence) ?? 0) + 1);
      if (!sentence.holds(sentence.pattern.exec(text)?.groups ?? {}, at)) note('not true', text, one);
    }
    for (const account of all) {
      const stance = stanceOf(letter, account);
      if (stance !== null) remember(letter, account, stance, records.now, note);
      if (letter.kind === 'reminder')
        reminders.push({ reader: letter.reader, login: account.user.login, about: aboutOf(account) });
    }
  }

  /** No letter says that nothing is left to do, within a day of one that asks to renew, unless something has happened in between. */
  function remember(
    { reader, subject }: Letter,
    account: Account,
    stance: Stance,
    at: number,
    note: (what: Finding['what'], sentence: string, one: Account) => void,
  ): void {
    const { login } = account.user;
    const now: Told = { reader, login, at, stance, state: inShort(account), subject };
    const last = told.findLast((one) => one.reader === reader && one.login === login);
    if (last !== undefined && at - last.at < DAY_MS && last.stance !== stance && last.state === now.state)
      note('contradicts a letter of the day before', `${last.subject} / ${subject}`, account);
    told.push(now);
  }

  return {
    ...{ findings, used, known, check },
    /** Checks a letter as it leaves. */
    checkMail: (mail: OutgoingMail, records: Records): void => {
      const letter = letterOf(mail, known);
      check(letter, records);
      const unread = unreadIn(mail.letter, letter.units);
      if (unread !== '')
        findings.push({
          ...{ what: 'unread', when: '', to: letter.reader, letter: letter.id, sentence: unread, known: '' },
        });
    },
  };
}

/** The password and the date that a reminder is about. */
export const aboutOf = ({ user, on }: Account): string => `v${user.version} ${on?.toString() ?? 'unknown'}`;

/** What an account's records say, as far as letters speak of it. */
function inShort(account: Account): string {
  const { user, on, source, health, current, open } = account;
  const { version, principal } = user;
  return [
    `${user.login} v${version}, ${source} ${on?.toString() ?? '-'}, left ${account.left}`,
    `service ${current?.stage ?? 'none'} ${current?.proven ?? '-'}, health ${health?.state ?? '-'}`,
    `refused ${health?.refusedAt ?? '-'}, open ${open === null ? '-' : `${open.stage} ${open.refusals}`}`,
    `principal ${principal?.email ?? '-'}${principal?.dead == null ? '' : ' (dead)'}`,
  ].join('; ');
}

/** What a letter asks about an account; null where it says neither. */
function stanceOf({ kind, subject }: Letter, account: Account): Stance | null {
  if (/plus rien à faire/.test(subject)) return 'nothing';
  if (kind === 'stopped' || (kind === 'refusal' && /à réinitialiser/.test(subject))) return 'renew';
  return kind === 'reminder' && account.source !== 'unknown' && !account.workedAfter ? 'renew' : null;
}
