// Passwords that programs read wrongly when they stand in a file in the wrong quotes.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of other languages.
import { SinkFault } from '../../../src/adapters/sinks/settings.ts';
import { renderFile } from '../../../src/adapters/sinks/template.ts';
import type { LineFormat, SinkReader } from '../../../src/foundation/sink-template.ts';
import { content } from './samples.ts';

const SPECIALS = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];

/** Each of the 32 specials of ASCII inside, first, last and doubled; all at once, in three orders; and what looks like something else. */
const GENERATED = [
  ...SPECIALS.flatMap((sign) => [
    `Ab3${sign}cdEF9h`,
    `${sign}Ab3cdEF9h`,
    `Ab3cdEF9h${sign}`,
    `Ab${sign}${sign}3cd`,
  ]),
  ...[SPECIALS, SPECIALS.toReversed(), SPECIALS.toSorted((a, b) => (a + 7).localeCompare(b + 7))].map((all) =>
    all.join(''),
  ),
  ...[
    '$HOME',
    '${HOME}',
    '${HOME',
    '$(id)',
    '$((1+1))',
    '`id`',
    '$$',
    '$?',
    '%HOME%',
    '%(login)s',
    '!!',
    '~',
    '*',
    'a b',
    'a  b',
  ],
  ...[
    "a'b",
    'a"b',
    'a`b',
    `a'b"c`,
    `a'b\`c`,
    `a"b\`c`,
    `'a'`,
    '"a"',
    '`a`',
    `''`,
    '"',
    "'",
    '\\',
    '\\\\',
    `\\'`,
    '\\"',
    '\\n',
    '\\$x',
  ],
  ...[
    'null',
    'true',
    'no',
    'on',
    '1e5',
    '0x1F',
    '007',
    '-0',
    'E_ALL',
    'a#b',
    'a #b',
    '# a',
    'a;b',
    ' a',
    'a ',
    '[a]',
    'a=b',
    '=a',
    'éàç',
    '€',
    'a\u00a0b',
  ],
];

/** Those of the cases of the field: written, then read as another password by at least one of the programs. */
const CASES = [
  ...[`A"b3'nEr9hkL`, `A$b3'nEr9hkL`, `A\\b3'nEr9hkL`, 'Ab\\\\3cdEF9hk', "Ab'`id`cd3E", 'Ym~dYpKAah[5E\\'],
  ...["!4t('^kwhHrY`r", 'Ab${HOME}3cd(', 'Ab$HOME3cdEF('],
];

/** Of public bug reports. */
const REPORTED = [
  // motdotla/dotenv issues 439, 434, 852; dotenvx/dotenv-expand 42; dotenvx/dotenvx 728; kraenhansen/dotenv-run-script 6.
  ...['Dollar$Sign', '$2y$10$fbdLV2U3Y98LrFYDbn2Fx.d33ubCz.zB6pvhYGKqZcq3HiDOt3USe', '45v$AGyh'],
  ...['Iluho$EkZ8-9U!*Fz4!7', "Let's go!", '123$$6'],
  // bkeepers/dotenv issues 267 and 214; its README: commands are run.
  ...['bm%IEG^lkq$D-$wOsDmu', 'DgaH$a43', "it's $(echo run)", "it's \\$(echo run)", "it's $(echo"],
  // vlucas/phpdotenv issues 347, 515, 508, 470, 442; its Lines.php takes `="` for the beginning of several lines.
  ...['9VQWPx1%j9QE@kH6mP\\Y=V87GL1', 'C:\\PROGRA~1\\MariaDB 10.7\\bin', '/^(0)([5-8])\\d{8}$/'],
  ...['`hello ${NAME}`', "hey'string", 'a="b', `a="b'c`],
  // systemd/systemd issues 8857, 10659, 36488.
  ...['s7@o8\\p=@us$0!', '\\value', 'a\\b"c'],
  // theskumar/python-dotenv issues 544, 422, 661, pull request 330; jpadilla/django-dotenv 53.
  ...["I'm a student", '${VARIABLE}', '${VAR:-default}', 'C:\\Users', '\\d+', 'af$rb0', 'foo$bar'],
  // configparser: aktavor69/pthbetter 14, awekrx/AutoDoc-ChatGPT 4, pycontribs/pyrax 166, barrycarey/Speedtest-for-InfluxDB 42.
  ...["%PGQIco#z'", '%94s^6', '12345%67890', 'my%p4ss%word', '50%%'],
  // npm/ini 5.0.0, lib/ini.js: these words are no text, quotes or not.
  'false',
];

export const HARD_PASSWORDS: readonly string[] = [...new Set([...GENERATED, ...CASES, ...REPORTED])];

/** What is written for some readers: a line for each password, `P<number>`; what they must read; and what is refused. */
export function linesOf(format: LineFormat, reader: SinkReader | null, list: readonly string[]) {
  const values: Record<string, string> = {};
  const refused: string[] = [];
  const lines = list.map((password, index) => {
    try {
      const template = `P${index}={{password}}\n`;
      const line = renderFile({ format, template, reader }, content({ password })).toString('utf8');
      values[`P${index}`] = password;
      return line;
    } catch (error) {
      if (!(error instanceof SinkFault)) throw error;
      refused.push(password);
      return '';
    }
  });
  return { text: lines.join(''), values, refused };
}
