// How values are spelled on the lines of dotenv and INI files, and what each of their readers makes of a spelling.
//
// Invariant: a value is written only in a spelling that every reader of the sink reads as that value. The rules are those of the
// programs' own parsers, strict where versions differ; test/adapters/sinks/foreign-readers.test.ts holds them to the real ones.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of other languages.
import { type LineFormat, READERS, type SinkReader } from '../../foundation/sink-template.ts';

/** What a reader makes of the text behind `NAME=`; null where it would expand, run or break it, or might. */
type Read = (raw: string) => string | null;

const hasControls = (value: string) => /[\p{Cc}\u2028\u2029]/u.test(value);

/** The text without the blanks that JavaScript or Python would strip. */
const trimmed = (value: string) => value.replaceAll(/^[\s\p{Z}\ufeff]+|[\s\p{Z}\ufeff]+$/gu, '');

/** The text between quotes of one of some kinds; null where it has that kind inside, or ends in a backslash that may hide the last. */
function between(quotes: string, raw: string): string | null {
  const [kind = ''] = raw;
  const inner = raw.slice(1, -1);
  const whole = raw.length > 1 && quotes.includes(kind) && raw.endsWith(kind);
  return whole && !inner.includes(kind) && !inner.endsWith('\\') ? inner : null;
}

/** The text of quotes in which a backslash before a quote keeps it; the last quote follows no backslash. */
const escapable = (raw: string) =>
  /^(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*")$/.test(raw) && !raw.endsWith(`\\${raw.at(-1)}`)
    ? raw.slice(1, -1)
    : null;

const isBare = (raw: string) => raw !== '' && !/^['"`]/.test(raw) && raw === trimmed(raw);

/** npm's dotenv and `node --env-file`: three kinds of quotes, no escapes but \n and \r between double ones. */
const npm: Read = (raw) => {
  const inner = between(`'"\``, raw);
  if (inner !== null) return raw.startsWith('"') && /\\[nr]/.test(inner) ? null : inner;
  return isBare(raw) && !raw.includes('#') ? raw : null;
};

const VARIABLE = /\$\{([^}:]*)(?::-([^}]*))?\}/g;

/** python-dotenv: `\\` and a quote's escape in quotes of both kinds; `${NAME:-default}` is expanded in every spelling. */
const python: Read = (raw) => {
  const inner = escapable(raw);
  const double = raw.startsWith('"');
  if (inner !== null ? double && /\\[abfnrtv]/.test(inner) : !isPythonBare(raw)) return null;
  const text = inner === null ? raw : inner.replaceAll(double ? /\\([\\'"])/g : /\\([\\'])/g, '$1');
  // A variable without a name has no value but its default.
  if ([...text.matchAll(VARIABLE)].some(([, name]) => name !== '')) return null;
  return text.replaceAll(VARIABLE, (_, __, fallback: string | undefined) => fallback ?? '');
};

const isPythonBare = (raw: string) =>
  raw !== '' && !/^['"]/.test(raw) && raw === trimmed(raw) && !/\s#/.test(raw);

/**
 * Ruby's dotenv: outside of single quotes a backslash goes, variables are expanded and `$(commands)` are run. 2.x makes a line
 * break of `\\n` and keeps the backslashes of bare values, 3.x does neither.
 */
const ruby: Read = (raw) => {
  const single = between("'", raw);
  if (single !== null) return single;
  const double = raw.startsWith('"') ? escapable(raw) : null;
  if (double === null && (!isBare(raw) || /#|\\./.test(raw))) return null;
  if (double !== null && /\\[nr]/.test(double)) return null;
  const text = double === null ? raw : double.replaceAll(/\\([^$])/g, '$1');
  if (/(?<!\\)\$(?:\(.*\)|\{?\w)|\\\$\((?![^()$\\]+\))/.test(text)) return null;
  return text.replaceAll('\\$', '$');
};

/** vlucas/phpdotenv: no escapes between single quotes; between double ones `\\`, `\"` and `\$`, others are an error. */
const php: Read = (raw) => {
  // A line with `="` goes on below it, unless two more quotes without a backslash are in it, wherever they stand.
  const line = `=${raw}`;
  const quotes = line.replaceAll('\\\\', '').match(/[^\\](?=")/g) ?? [];
  if (line.includes('="') && quotes.length < 2) return null;
  if (/^'[^']*'$/.test(raw)) return raw.slice(1, -1);
  if (/^"(?:[^"\\$]|\\["\\$]|\$(?!\{))*"$/.test(raw)) return raw.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  return isBare(raw) && !/[\s#]|\$\{/.test(raw) ? raw : null;
};

const SHELL_PIECE = /'([^']*)'|"((?:[^"\\$`]|\\.|\$(?![\w{(@*#?$![-]))*)"|([\w./:@%+,-]+)/g;
const SHELL_ESCAPE = /\\(["\\$`])/g;

/** A POSIX shell: quoted pieces, one behind the other; bare only where no shell sees anything in it. */
const shell: Read = (raw) =>
  raw.replaceAll(SHELL_PIECE, '') === ''
    ? raw.replaceAll(
        SHELL_PIECE,
        (_, single = '', double = '', bare = '') => single + double.replaceAll(SHELL_ESCAPE, '$1') + bare,
      )
    : null;

const SYSTEMD_PIECE = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)")/;

/** systemd's EnvironmentFile=: quoted pieces first; what follows is bare, and its backslashes go. No file with noncharacters is read. */
const systemd: Read = (raw) => {
  if (/\p{Noncharacter_Code_Point}/u.test(raw)) return null;
  let text = '';
  let rest = raw;
  for (let piece = SYSTEMD_PIECE.exec(rest); piece !== null; piece = SYSTEMD_PIECE.exec(rest)) {
    text += piece[1] ?? piece[2]?.replaceAll(SHELL_ESCAPE, '$1') ?? '';
    rest = rest.slice(piece[0].length);
  }
  const bare =
    rest === '' || (!/^['"]/.test(rest) && rest === trimmed(rest) && !/(?<!\\)(?:\\\\)*\\$/.test(rest));
  return bare ? text + rest.replaceAll(/\\(.)/g, '$1') : null;
};

const QUOTED = /"((?:[^"\\]|\\["\\])*)"/g;
const unquoted = (raw: string) =>
  raw !== '' && raw.replaceAll(QUOTED, '') === ''
    ? raw.replaceAll(QUOTED, (_, inner: string) => inner.replaceAll(/\\(.)/g, '$1'))
    : null;

const git: Read = (raw) => unquoted(raw) ?? (isBare(raw) && !/["\\#;]/.test(raw) ? raw : null);

/** npm's ini: JSON between double quotes; three words are no text even there. */
const npmIni: Read = (raw) => {
  const text = /^"(?:[^"\\]|\\["\\])*"$/.test(raw) ? unquoted(raw) : null;
  return text === null || /^(?:true|false|null)$/.test(text) ? null : text;
};

/** PHP's parse_ini_file, NORMAL and TYPED: `${NAME}` is expanded between quotes too; bare words may be constants. */
const phpIni: Read = (raw) => (raw.includes('${') ? null : unquoted(raw));

/** INI_SCANNER_RAW: the outer quotes go, nothing else. */
const phpRaw: Read = (raw) => (/^".*"$/.test(raw) && raw.length > 2 ? raw.slice(1, -1) : null);

const pythonRaw: Read = (raw) => (raw !== '' && raw === trimmed(raw) ? raw : null);

/** Python's configparser with its interpolation: a lone `%` is an error. */
const pythonIni: Read = (raw) =>
  pythonRaw(raw) !== null && /^(?:[^%]|%%)*$/.test(raw) ? raw.replaceAll('%%', '%') : null;

const INI: Readonly<Record<(typeof READERS.ini)[number], Read>> = {
  ...{ git, npm: npmIni, php: phpIni, 'php-raw': phpRaw, python: pythonIni, 'python-raw': pythonRaw },
};
const READ: Readonly<Record<LineFormat, Readonly<Partial<Record<SinkReader, Read>>>>> = {
  dotenv: { npm, python, ruby, php, systemd, shell },
  ini: INI,
  'ini-plain': INI,
};

/** Who must read a file whose sink names no reader. Those of INI agree on no spelling: each format has some of them. */
const AGREEING: Readonly<Record<LineFormat, readonly SinkReader[]>> = {
  dotenv: READERS.dotenv,
  ini: ['git', 'npm', 'php'],
  'ini-plain': ['python', 'python-raw'],
};

type Spell = (value: string) => string;

const escaped = (value: string, signs: RegExp) => value.replaceAll(signs, '\\$&');
const INI_SPELLINGS: readonly Spell[] = [
  (value) => `"${escaped(value, /["\\]/g)}"`,
  (value) => value,
  // A variable cut in two.
  (value) => `"${escaped(value, /["\\]/g).replaceAll('${', '$""{')}"`,
  (value) => `"${value}"`,
  (value) => value.replaceAll('%', '%%'),
];

/** The spellings to choose from, the plainest first. */
const SPELLINGS: Readonly<Record<LineFormat, readonly Spell[]>> = {
  dotenv: [
    (value) => `'${value}'`,
    // Programs around npm's dotenv expand variables between double quotes.
    (value) => (value.includes('$') ? '' : `"${value}"`),
    (value) => `\`${value}\``,
    (value) => value,
    (value) => `"${value}"`,
    (value) => `'${value.replaceAll(/'+/g, (quotes) => `'"${quotes}"'`)}'`,
    (value) => `"${escaped(value, /["\\$]/g)}"`,
    (value) => `"${escaped(value, /["\\]|\$(?!\()/g)}"`,
    // For python-dotenv: `${` as the default of a variable without a name, and an empty one between a backslash and the quote.
    (value) => {
      const text = escaped(value.replaceAll('${', '${:-${}'), /['\\]/g);
      return `'${text}${value.endsWith('\\') ? '${:-}' : ''}'`;
    },
  ],
  ini: INI_SPELLINGS,
  'ini-plain': INI_SPELLINGS,
};

const rulesOf = (format: LineFormat, reader: SinkReader | null) =>
  askedReaders(format, reader).map((name) => READ[format][name]);

/** The text to write behind `NAME=`; null where no spelling is read as this value, by the reader or by all that must agree. */
export function spell(format: LineFormat, reader: SinkReader | null, value: string): string | null {
  if (hasControls(value)) return null;
  const readers = rulesOf(format, reader);
  const fits = (raw: string) => readers.every((read) => read?.(raw) === value);
  return SPELLINGS[format].map((spelling) => spelling(value)).find(fits) ?? null;
}

/** No spelling is longer for its value: each sign becomes seven at most. */
const LONGEST = 7;

/** Whether the text behind `NAME=` is read as this value, by the reader or by all that must agree. */
export function isReadAs(format: LineFormat, reader: SinkReader | null, raw: string, value: string): boolean {
  if (raw.length > value.length * LONGEST + 10 || hasControls(raw)) return false;
  return rulesOf(format, reader).every((read) => read?.(raw) === value);
}

/** Whether a reader takes the text behind `NAME=` for a whole value, whichever. */
export const isWhole = (format: LineFormat, reader: SinkReader, raw: string): boolean =>
  !hasControls(raw) && typeof READ[format][reader]?.(raw) === 'string';

/** The readers that must read a file: the one that is named, or all that must agree. */
export const askedReaders = (format: LineFormat, reader: SinkReader | null): readonly SinkReader[] =>
  reader === null ? AGREEING[format] : [reader];
