// Letters cut into what can be looked up alone (sentences, items, rows), and patterns of sentences with holes for what varies.
import { renderLetter } from '../../src/adapters/smtp/render.ts';
import type { Block, WordedLetter } from '../../src/domain/notification/letter.ts';

/** A text with ordinary blanks and straight apostrophes. */
export const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('\u2019', "'").trim();

/** What is looked up alone; `login`: the account that it stands beside, `heading`: the last heading above it. */
export interface Unit {
  readonly text: string;
  readonly login: string | null;
  readonly heading: string;
  /** The logins below the same heading of an alarm. */
  readonly section: readonly string[];
}

const MONTHS = [
  ...['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre'],
  ...['novembre', 'décembre'],
];
const WEEKDAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const MONTH = `(?:${MONTHS.join('|')})`;
const DAY = `(?:${WEEKDAYS.join('|')}) (?:1er|\\d{1,2}) ${MONTH} \\d{4}`;
const CLOCK = '\\d{1,2} h \\d{2}';

/** Anything within one sentence. */
const ANYTHING = '(?:(?![.?!] \\p{Lu}).)+?';

/** What may stand in a hole, by its name without figures; anything within a sentence where it is not named here. */
const HOLES: Readonly<Record<string, string>> = {
  day: DAY,
  moment: `${DAY} à ${CLOCK}`,
  speech: `cette nuit|aujourd'hui à ${CLOCK}|le (?:1er|\\d{1,2}) ${MONTH} à ${CLOCK}`,
  number: '\\d+',
  days: '\\d+ jours?',
  soon: 'demain|dans \\d+ jours',
  login: 'TECH_\\d+_\\d+@cpro\\.fr',
  siret: '\\d{3} \\d{3} \\d{3} \\d{5}',
  phone: '0\\d(?: \\d\\d){4}',
  link: 'https://\\S+',
  address: '\\S+@\\S+',
  where: 'Chorus Pro \\(plateforme de test\\)|Chorus Pro',
  password: 'mot de passe Chorus Pro de test|mot de passe Chorus Pro',
  minutes: 'dix minutes par compte|dix minutes',
};

/** A pattern of a whole sentence: `{name}` is a hole, `[a|b]` one of several wordings. */
export function patternOf(words: string): RegExp {
  const source = words.split(/(\{\w+\}|[[\]|])/).map((part) => {
    const hole = /^\{(\w+)\}$/.exec(part)?.[1];
    if (hole !== undefined) return `(?<${hole}>${HOLES[hole.replace(/\d+$/, '')] ?? ANYTHING})`;
    if (part === '[') return '(?:';
    if (part === ']') return ')';
    return part === '|' ? '|' : RegExp.escape(part.replaceAll(/\s+/g, ' ').replaceAll('\u2019', "'"));
  });
  return new RegExp(`^${source.join('')}$`, 'u');
}

/** The date of a French day in words; null where the weekday is not that day's. */
export function dayIn(text: string | undefined): Temporal.PlainDate | null {
  const [, weekday = '', day = '', month = '', year = ''] =
    /(\p{L}+) (\d+|1er) (\p{L}+) (\d{4})/u.exec(text ?? '') ?? [];
  if (!MONTHS.includes(month)) return null;
  const date = Temporal.PlainDate.from({
    year: Number(year),
    month: MONTHS.indexOf(month) + 1,
    day: Number.parseInt(day, 10),
  });
  return WEEKDAYS[date.dayOfWeek - 1] === weekday ? date : null;
}

/** A moment in words as it stands in letters, from an instant (ms). */
export function momentOf(at: number): string {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris');
  const day = `${WEEKDAYS[here.dayOfWeek - 1]} ${here.day === 1 ? '1er' : here.day} ${MONTHS[here.month - 1]}`;
  return `${day} ${here.year} à ${here.hour} h ${String(here.minute).padStart(2, '0')}`;
}

/** A moment as people say it on a day, from an instant (ms). */
export function speechOf(at: number, today: Temporal.PlainDate): string {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris');
  const clock = `à ${here.hour} h ${String(here.minute).padStart(2, '0')}`;
  if (here.toPlainDate().equals(today)) return here.hour < 8 ? 'cette nuit' : `aujourd'hui ${clock}`;
  return `le ${here.day === 1 ? '1er' : here.day} ${MONTHS[here.month - 1]} ${clock}`;
}

const LOGIN = /TECH_\d+_\d+@cpro\.fr/g;
export const loginsIn = (text: string): readonly string[] => [...new Set(text.match(LOGIN) ?? [])];

/** The sentences of a text: they end before a capital letter, a figure or a quotation. */
const sentencesOf = (text: string) => text.split(/(?<=[.?!]) (?=[\p{Lu}«])/u);

const FACTS = /^(?:SIRET \d|.+, compte technique TECH_\S+ – )/;

/** What a block says, each thing alone. `known`: looked up as it stands, a text is not cut. */
function piecesOf(block: Block, known: (text: string) => boolean): string[] {
  const said = (text: string) => (known(plain(text)) ? [plain(text)] : sentencesOf(plain(text)));
  switch (block.kind) {
    case 'heading':
    case 'command':
      return [plain(block.text)];
    case 'paragraph':
    case 'notice': {
      const text = plain(block.text);
      return FACTS.test(text) ? text.replace(/\.$/, '').split(' – ') : said(text);
    }
    case 'steps':
    case 'list':
      return block.items.flatMap(said);
    case 'facts':
      return block.rows.map(([label, value]) => plain(`${label} = ${value}`));
    case 'line':
      return [];
    case 'link':
      return [plain(block.label), 'https://link'];
    case 'links':
      return block.items.flat().map(plain);
    case 'table':
      return [
        plain(block.caption),
        ...block.rows.map((row) =>
          plain(`${block.caption} > ${row.map((cell, at) => `${block.head[at]} = ${cell}`).join(' ¦ ')}`),
        ),
      ];
  }
}

/** Below these headings the alarm above goes on. */
const WITHIN = ['Ce que vous pouvez faire'];

/** Everything that a letter says, without its subject, in order. */
export function unitsOf(letter: WordedLetter, known: (text: string) => boolean): readonly Unit[] {
  const [first, heading] = [plain(letter.firstLine), { text: '' }];
  const units: Unit[] = [{ text: first, login: loginsIn(first)[0] ?? null, heading: '', section: [] }];
  let login: string | null = null;
  let section: string[] = [];
  for (const block of letter.blocks) {
    const pieces = piecesOf(block, known);
    if (block.kind === 'heading' && !WITHIN.includes(pieces[0] ?? '')) {
      heading.text = pieces[0] ?? '';
      section = [];
    }
    // The rows of an account stand around the one that names it.
    const own = loginsIn(pieces.join(' '));
    if (own[0] !== undefined) login = own[0];
    section.push(...own.filter((one) => !section.includes(one)));
    for (const text of pieces)
      units.push({ text, login: loginsIn(text)[0] ?? login, heading: heading.text, section });
  }
  return units;
}

/** What is left of the plain text of a letter once all that was looked up is taken out: but for bullets and figures, nothing. */
export function unreadIn(letter: WordedLetter, units: readonly Unit[]): string {
  const bare = (text: string) => plain(text).replaceAll(/[\s\-–=|.\d]/g, '');
  const parts = units
    .flatMap(({ text }) => text.replace(/^.* > /, '').split(/ = | ¦ /))
    .map(bare)
    .filter((part) => part !== '')
    // A short one might be a part of a longer one.
    .sort((a, b) => b.length - a.length);
  let left = bare(renderLetter(letter).text.replaceAll(/https:\/\/\S+\/m\/\S+/g, 'https://link'));
  for (const part of parts) {
    const at = left.indexOf(part);
    if (at >= 0) left = `${left.slice(0, at)}§${left.slice(at + part.length)}`;
  }
  return left.replaceAll('§', '');
}
