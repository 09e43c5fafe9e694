// The table of answers: what each known answer of PISTE and Chorus Pro means; the first row that matches decides.
import { type CallAnswer, TOO_LARGE } from './answer.ts';
import { MESSAGE_ID, saidBy } from './return-codes.ts';

/** `down` is PISTE or Chorus Pro, by the host that answered; `stale-token` and `no-cause` are checked a second time. */
export type Meaning =
  | 'believed'
  | 'refused'
  /** Our token is not accepted: a new one may be. */
  | 'stale-token'
  /** A 401 that does not say whether the token or the password is wrong. */
  | 'no-cause'
  | 'down'
  | 'token-refused'
  | 'application-not-allowed'
  | 'quota'
  | 'network'
  | 'our-clock'
  | 'unreadable';

type Test = (answer: CallAnswer) => boolean;

/** The host that answered, the tests that must all hold, and the meaning. */
export interface AnswerRow {
  readonly case: string;
  readonly at: 'piste' | 'chorus-pro' | 'either';
  readonly when: readonly Test[];
  readonly means: Meaning;
}

const status =
  (...wanted: readonly number[]): Test =>
  (answer) =>
    answer.status !== null && wanted.includes(answer.status);
const between =
  (from: number, to: number): Test =>
  ({ status }) =>
    status !== null && status >= from && status <= to;
const body =
  (...shapes: readonly CallAnswer['body'][]): Test =>
  (answer) =>
    shapes.includes(answer.body);
const failed =
  (pattern: RegExp): Test =>
  ({ failure }) =>
    failure !== null && pattern.test(failure);
const code =
  (from: number, to = from): Test =>
  ({ code }) =>
    code !== null && code >= from && code <= to;
const labelled =
  (pattern: RegExp): Test =>
  ({ label }) =>
    label !== null && pattern.test(label);
const oauthError =
  (pattern: RegExp): Test =>
  (answer) =>
    (answer.oauthError !== null && pattern.test(answer.oauthError)) ||
    answer.challenges.some(({ error }) => error !== null && pattern.test(error));

const noAnswer: Test = ({ status }) => status === null;
const isPiste = (realm: string | null): boolean => realm?.toLowerCase() === 'piste';
/** PISTE's gateway uses this realm for the token, and the realm PISTE for the technical user. */
const gatewayRealm: Test = ({ challenges }) =>
  challenges.some(({ realm }) => realm?.toLowerCase() === 'defaultrealm');
const pisteRealm: Test = ({ challenges }) => challenges.some(({ realm }) => isPiste(realm));
const foreignRealm: Test = ({ challenges }) =>
  challenges.some(({ realm }) => realm !== null) && !challenges.some(({ realm }) => isPiste(realm));
const blamesLogin: Test = ({ challenges }) =>
  challenges.some(
    ({ realm, description }) =>
      isPiste(realm) && description !== null && /login or password/i.test(description),
  );
const either =
  (...tests: readonly Test[]): Test =>
  (answer) =>
    tests.some((test) => test(answer));
const not =
  (test: Test): Test =>
  (answer) =>
    !test(answer);

const BAD_TOKEN = oauthError(/^invalid_(token|client|grant)$/i);
/** Words about authentication: no such answer may pass for an accepted password. */
const ABOUT_LOGIN = labelled(/authentif|\bldap\b|mot de passe|password|\blogin\b/i);
/** Words about an account that is unknown, locked, disabled or expired: no success either. */
const ABOUT_ACCOUNT = labelled(
  /identif|identit|compte|account|utilisateur inconnu|unknown user|expir|verrou|bloqu|sactiv|locked|disabled|acc.{1,2}s refus|denied/i,
);
/** Words about technical trouble; a « compte technique » is an account. */
const ABOUT_TROUBLE = labelled(
  /(?<!(compte|utilisateur)s? )technique|technical(?! (account|user))|indisponible|unavailable|maintenance|time-?out/i,
);

/** Sources: the PISTE gateway's measured answers and older back ends. An answer that matches no row is `unreadable`. */
export const ROWS: readonly AnswerRow[] = [
  // Nothing answered.
  {
    case: 'certificate not valid yet',
    at: 'either',
    when: [noAnswer, failed(/^CERT_NOT_YET_VALID$/)],
    means: 'our-clock',
  },
  { case: 'what answered is not HTTP', at: 'either', when: [noAnswer, failed(/^HPE_/)], means: 'unreadable' },
  { case: 'no answer', at: 'either', when: [noAnswer], means: 'network' },
  // The header has priority over the body, which is often empty.
  {
    case: 'token unknown or expired',
    at: 'chorus-pro',
    when: [status(401), either(gatewayRealm, BAD_TOKEN)],
    means: 'stale-token',
  },
  {
    case: 'login or password incorrects',
    at: 'chorus-pro',
    when: [status(401), blamesLogin],
    means: 'refused',
  },
  {
    case: 'no token found',
    at: 'chorus-pro',
    when: [status(400), either(gatewayRealm, BAD_TOKEN)],
    means: 'token-refused',
  },
  {
    case: 'scope of the token',
    at: 'either',
    when: [status(403), oauthError(/^insufficient_scope$/i)],
    means: 'application-not-allowed',
  },
  { case: 'a proxy asks who we are', at: 'either', when: [status(407)], means: 'network' },
  { case: 'quota', at: 'either', when: [status(429)], means: 'quota' },
  { case: 'server error', at: 'either', when: [between(500, 599)], means: 'down' },
  {
    case: '401 in the name of something else',
    at: 'chorus-pro',
    when: [status(401), foreignRealm],
    means: 'unreadable',
  },
  // Older back ends have no header; the body says it.
  {
    case: 'not authenticated in the LDAP',
    at: 'chorus-pro',
    when: [status(200, 401), code(401), ABOUT_LOGIN],
    means: 'refused',
  },
  {
    case: 'ErrorCode 401',
    at: 'chorus-pro',
    when: [status(401), (answer) => answer.errorCode === '401'],
    means: 'refused',
  },
  {
    case: '401 of PISTE without a known reason',
    at: 'chorus-pro',
    when: [status(401), pisteRealm],
    means: 'no-cause',
  },
  // What the body is.
  {
    case: 'too large, or wrongly compressed',
    at: 'either',
    when: [body('broken'), failed(new RegExp(`^(${TOO_LARGE}|HPE_|Z_|ERR__|ERR_BROTLI)`))],
    means: 'unreadable',
  },
  { case: 'connection lost in the body', at: 'either', when: [body('broken')], means: 'network' },
  { case: 'success without a word', at: 'either', when: [between(200, 299), body('empty')], means: 'down' },
  {
    case: 'a page instead of an answer',
    at: 'either',
    when: [status(200, 401, 404), body('html')],
    means: 'down',
  },
  // PISTE's answers about our application; an answer with a token never gets here.
  { case: 'success without a usable token', at: 'piste', when: [status(200), body('json')], means: 'down' },
  {
    case: 'PISTE says it is out of order',
    at: 'piste',
    when: [status(400, 401), oauthError(/^(server_error|temporarily_unavailable)$/i)],
    means: 'down',
  },
  {
    case: 'client id or secret refused',
    at: 'piste',
    when: [status(400, 401), oauthError(/./)],
    means: 'token-refused',
  },
  { case: 'client refused without a word', at: 'piste', when: [status(401)], means: 'token-refused' },
  {
    case: 'API not selected, CGU not accepted, structure not linked, no such route',
    at: 'either',
    when: [status(403), body('empty', 'json')],
    means: 'application-not-allowed',
  },
  // Chorus Pro's answers about the login and the password.
  {
    case: 'code 401 without a known reason',
    at: 'chorus-pro',
    when: [status(200), code(401)],
    means: 'no-cause',
  },
  { case: '401 without any reason', at: 'chorus-pro', when: [status(401)], means: 'no-cause' },
  { case: 'success', at: 'chorus-pro', when: [status(200), code(0)], means: 'believed' },
  {
    case: 'a code of technical trouble',
    at: 'chorus-pro',
    when: [status(200), either(code(500, 599), ABOUT_TROUBLE)],
    means: 'down',
  },
  {
    case: 'a code that may speak of the login',
    at: 'chorus-pro',
    when: [status(200), either(code(400, 499), ABOUT_LOGIN, ABOUT_ACCOUNT)],
    means: 'unreadable',
  },
  // Chorus Pro sends a business message only to known users; a bare number may come from anywhere.
  {
    case: 'a business code with its message',
    at: 'chorus-pro',
    when: [status(200), code(1, Infinity), labelled(MESSAGE_ID)],
    means: 'believed',
  },
  {
    case: 'a business code on record, with its message, in a 400',
    at: 'chorus-pro',
    when: [
      status(400),
      (answer) => saidBy(answer) !== null,
      labelled(MESSAGE_ID),
      not(either(ABOUT_TROUBLE, ABOUT_LOGIN, ABOUT_ACCOUNT)),
    ],
    means: 'believed',
  },
];

/** The first row that matches an answer; undefined when none does. */
export function rowOf(answer: CallAnswer): AnswerRow | undefined {
  const host = answer.call === 'token' ? 'piste' : 'chorus-pro';
  return ROWS.find(
    (row) => (row.at === 'either' || row.at === host) && row.when.every((test) => test(answer)),
  );
}

export function meaningOf(answer: CallAnswer): Meaning {
  return rowOf(answer)?.means ?? 'unreadable';
}
