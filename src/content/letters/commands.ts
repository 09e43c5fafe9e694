// The commands that letters to the IT service propose, in one place: they must be the ones that exist.
import type { Environment, Language } from '../../domain/account/technical-user.ts';

/** The placeholder for a login in a command that is given for many. */
const LOGIN = { fr: 'IDENTIFIANT', en: 'LOGIN' } as const;

/** A word as a shell takes it. By backslashes, as a letter's typography or a mail program may change quotes. */
export function shellWord(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}

/** Names another principal manager, or the same one with another address; `login` null: the reader fills it in. */
export function setManagerCommand(
  login: string | null,
  environment: Environment | null,
  language: Language,
): string {
  const person = language === 'fr' ? 'Nom <adresse>' : 'Name <address>';
  return `releve set ${loginWord(login, language)} --manager "${person}"${environmentOption(environment)}`;
}

const loginWord = (login: string | null, language: Language) =>
  login === null ? LOGIN[language] : shellWord(login);

/** A login may exist in both environments. */
const environmentOption = (environment: Environment | null) =>
  environment === null ? '' : ` --environment ${environment}`;

/** Records the expiry date that somebody read on the portal. */
export function setExpiryCommand(language: Language): string {
  return `releve set ${LOGIN[language]} --expires ${language === 'fr' ? 'JJ/MM/AAAA' : 'YYYY-MM-DD'}`;
}

/**
 * What can be done about one account: look, compare its rights, ask Chorus Pro now, hand out now, discard, hand in by hand,
 * say that its connector is stopped, put a password into service unproven.
 */
export type AccountAction =
  | 'show'
  | 'discover'
  | 'verify'
  | 'probe'
  | 'publish'
  | 'withdraw'
  | 'submit'
  | 'connector-stopped'
  | 'accept-unverified';

/** What a task to type a password in asks for: show it, and say that it was typed in. */
type TaskAction = 'reveal' | 'task-done';

/** The commands that an alarm may propose. */
export type AlarmCommand =
  | 'manager'
  | AccountAction
  | TaskAction
  | 'key-check'
  | 'audit-verify'
  | 'webhook-test'
  | 'check';

/** The commands whose name differs from their word here, and what follows the login. */
const SPELLED: Partial<Record<AccountAction, readonly [name: string, option: string]>> = {
  'connector-stopped': ['hold', ' --stopped'],
  'accept-unverified': ['verify', ' --accept-unverified'],
};

/**
 * A command about one account; `login` null: the reader fills it in. `show` shows a login wherever it exists; the others
 * need the environment of the account.
 */
export function accountCommand(
  name: AccountAction,
  login: string | null,
  environment: Environment | null,
  language: Language,
): string {
  const [spelled, option] = SPELLED[name] ?? [name, ''];
  const where = environmentOption(name === 'show' ? null : environment);
  return `releve ${spelled} ${loginWord(login, language)}${option}${where}`;
}

/** A command about the task of a number; undefined: the reader fills it in. */
export function taskCommand(action: TaskAction, task: number | undefined, language: Language): string {
  const number = task ?? 'N';
  if (action === 'reveal') return `releve task reveal ${number}`;
  return `releve task done ${number} --why ${language === 'fr' ? 'saisi' : 'typed'}`;
}

/** The account that a command is about: a login may exist in both environments, so what changes or asks something names its own. */
export function accountWords({
  login,
  environment,
}: {
  readonly login: string;
  readonly environment: Environment;
}): string {
  return `${shellWord(login)}${environmentOption(environment)}`;
}

/** Shows the whole fleet, of which a letter names only a part. */
export const LIST_COMMAND = 'releve list';

/** Checks the mail server, the config and the addresses. */
export const CHECK_COMMAND = 'releve check';

/** Tells whether the master key is there and opens what was sealed. */
export const KEY_CHECK_COMMAND = 'releve key check';

/** Makes a master key. */
export const KEY_NEW_COMMAND = 'releve key new';

/** Verifies the whole audit trail. */
export const AUDIT_VERIFY_COMMAND = 'releve audit verify';

/** Sends an event for a test. */
export const WEBHOOK_TEST_COMMAND = 'releve webhook test';
