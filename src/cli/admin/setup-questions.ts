// The questions of `releve setup`: each answer is checked at once, and asked for again with its fault.
import type { ConfigSources } from '../../config/config.ts';
import type { SettingFault } from '../../config/layers.ts';
import { answerFaults } from '../../config/settings-file.ts';
import { hasControlCharacters } from '../../domain/parsing/characters.ts';
import { readPhones } from '../../domain/parsing/phone.ts';

/** What asks a person, and what is said beside the questions. */
export interface QuestionIo {
  /** Asks for a line, shown as it is typed. Throws CommandError when the person gives up. */
  line(question: string): Promise<string>;
  aside(text: string): void;
}

interface SetupQuestion {
  /** The setting that is asked for. */
  readonly key: string;
  readonly words: string;
  /** What stands for null between the brackets; needed: the default is that of another house, and is not proposed. */
  readonly none?: 'none' | 'later' | 'needed';
  /** Whether it is asked, after the answers so far. */
  readonly isAsked?: (answers: ReadonlyMap<string, string>) => boolean;
  /** A default that follows from the answers so far, in a new installation; null: the present value. */
  readonly suggests?: (answers: ReadonlyMap<string, string>) => string | null;
  /** What is wrong with an answer that the settings alone would take; null for nothing. */
  readonly fault?: (answer: string) => string | null;
}

const hasMail = (answers: ReadonlyMap<string, string>) => answers.get('mail.smtp.host') !== '';

/** Asks until the answer is text: lines that are pasted after a command, and keys that a terminal sends as signs, are none. */
export async function askLine(question: string, { line, aside }: QuestionIo): Promise<string> {
  for (;;) {
    const typed = await line(question);
    if (!hasControlCharacters(typed)) return typed;
    aside('  found a control character; allowed: what is typed on one line');
  }
}

const QUESTIONS: readonly SetupQuestion[] = [
  { key: 'data', words: 'Data folder' },
  { key: 'itService.name', words: 'IT service: the name that signs letters', none: 'needed' },
  { key: 'itService.email', words: 'IT service: the address that gets alarms and answers', none: 'needed' },
  {
    key: 'itService.phone',
    words: 'IT service: the telephone in letters',
    none: 'later',
    fault: (answer) => {
      const read = readPhones(answer);
      return read.ok ? null : read.fault;
    },
  },
  { key: 'itService.language', words: 'Language of alarms and digest, fr or en' },
  { key: 'mail.smtp.host', words: 'Mail server', none: 'later' },
  { key: 'mail.smtp.port', words: 'Mail server: port', isAsked: hasMail },
  {
    key: 'mail.smtp.security',
    words: 'Mail server: starttls, tls or none',
    isAsked: hasMail,
    suggests: (answers) => (answers.get('mail.smtp.port') === '465' ? 'tls' : null),
  },
  { key: 'mail.smtp.user', words: 'Mail server: user', none: 'none', isAsked: hasMail },
  {
    key: 'door.url',
    words: "Address of the managers' page, such as https://releve.example.fr",
    none: 'later',
  },
  {
    key: 'door.trustedProxies',
    words: 'Address of the proxy that does TLS for it',
    none: 'none',
    isAsked: (answers) => answers.get('door.url')?.startsWith('https:') === true,
    suggests: () => '127.0.0.1',
  },
  { key: 'chorus.production.clientId', words: 'PISTE application: client id, for production', none: 'later' },
  { key: 'sinks.file', words: 'File that describes the sinks, docs/SINKS.md', none: 'later' },
];

/** What the answers are checked with. */
export interface QuestionRules {
  /** The values between the brackets, by key. */
  readonly present: ReadonlyMap<string, unknown>;
  readonly sources: Pick<ConfigSources, 'root' | 'cwd'>;
  /** Whether nothing is set yet but the defaults. */
  readonly isNew: boolean;
  /** Why an answer cannot be used on this machine, which the settings alone do not say; null when it can. */
  readonly faultHere: (key: string, answer: string) => string | null;
}

/** Asks all that is to be asked; gives the answers by key, an empty one for null. */
export async function askQuestions(rules: QuestionRules, io: QuestionIo): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (let at = 0; at < QUESTIONS.length; at += 1) {
    const question = QUESTIONS[at];
    if (question === undefined) break;
    const { key, isAsked = () => true } = question;
    if (!isAsked(answers)) {
      answers.delete(key);
      continue;
    }
    const before = answers.get(key);
    answers.set(key, await answerTo(question, answers, rules, io));
    const fault = faultOf(key, answers, rules);
    if (fault === null) continue;
    io.aside(`  ${fault.words}`);
    if (before === undefined) answers.delete(key);
    else answers.set(key, before);
    // Where two answers contradict one another, the earlier one is asked for again.
    const first = QUESTIONS.findIndex((one) => one.key === fault.key);
    at = Math.min(at, first < 0 ? at : first) - 1;
  }
  return answers;
}

async function answerTo(
  { key, words, none, suggests }: SetupQuestion,
  answers: ReadonlyMap<string, string>,
  { present, isNew }: QuestionRules,
  io: QuestionIo,
): Promise<string> {
  const usual = none === 'needed' && isNew ? '' : textOf(present.get(key));
  const shown = answers.get(key) ?? (isNew ? suggests?.(answers) : null) ?? usual;
  const typed = await askLine(`${words} [${shown === '' ? none : shown}]: `, io);
  if (typed === '') return shown;
  return typed === none ? '' : typed;
}

/** A value as it would be typed. */
export const textOf = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value ?? ''));

function faultOf(
  key: string,
  answers: ReadonlyMap<string, string>,
  { sources, faultHere }: QuestionRules,
): { readonly key: string; readonly words: string } | null {
  const [fault] = answerFaults(answers, sources);
  if (fault !== undefined) return { key: fault.key, words: faultWords(fault) };
  const answer = answers.get(key) ?? '';
  const own = QUESTIONS.find((one) => one.key === key)?.fault ?? (() => null);
  const words = (answer === '' ? null : own(answer)) ?? faultHere(key, answer);
  return words === null ? null : { key, words };
}

/** A fault as a person at the prompt needs it; what is said of quotes and null is about YAML. */
function faultWords({ found, allowed, where }: SettingFault): string {
  const here = allowed.replace(' between quotes', '').replace(/; or null \(.*\)$/, '');
  return `${/:\d+$/.test(where) ? `${where}: ` : ''}found ${found}; allowed: ${here}`;
}
