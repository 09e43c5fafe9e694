// The table of answers: what each known answer of PISTE and Chorus Pro means; the first row that matches decides.
//
// A `codeRetour` means what its operation, number and message say together: the number alone means something else elsewhere.
import { ACCOUNT_CALL, type Call, type CallAnswer, TOO_LARGE } from './answer.ts';

/** `down` is PISTE or Chorus Pro, by the host that answered; `stale-token` and `no-cause` are checked a second time. */
export type Meaning =
  | 'accepted'
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

export type BusinessMeaning = 'nothing-found' | 'no-right';

/** A code of one operation, and the id of its message, which is in `libelle`. */
interface ReturnCode {
  readonly call: Call;
  readonly code: number;
  readonly message: string;
  readonly says: BusinessMeaning;
}

/** The codes that our calls may get. The call that needs no right has none. */
const RETURN_CODES: readonly ReturnCode[] = [
  { call: ACCOUNT_CALL, code: 20_000, message: 'TRA_MSG_00.015', says: 'nothing-found' },
  { call: ACCOUNT_CALL, code: 20_001, message: 'GDP_MSG_11.005', says: 'no-right' },
];

/** The id of a message, as every business service writes it: TRA_MSG_00.015, GCU_MSG_01_000. */
const MESSAGE_ID = /\b[A-Z]{3}_MSG_\d{2}[._]\d{3}\b/;

/**
 * The meaning of an answer's business code; null when it is not on record for that operation. Without a message in the
 * label the number decides; another message gives it another meaning, which we do not know.
 */
export function saidBy({ call, code, label }: CallAnswer): BusinessMeaning | null {
  const named = label?.match(MESSAGE_ID)?.[0];
  const found = RETURN_CODES.find((one) => one.call === call && one.code === code);
  return found === undefined || (named !== undefined && named !== found.message) ? null : found.says;
}

function row(name: string, at: AnswerRow['at'], means: Meaning, ...when: readonly Test[]): AnswerRow {
  return { case: name, at, means, when };
}

/** Sources: the PISTE gateway's measured answers and older back ends. An answer that matches no row is `unreadable`. */
export const ROWS: readonly AnswerRow[] = [
  // Nothing answered.
  row('certificate not valid yet', 'either', 'our-clock', noAnswer, failed(/^CERT_NOT_YET_VALID$/)),
  row('what answered is not HTTP', 'either', 'unreadable', noAnswer, failed(/^HPE_/)),
  row('no answer', 'either', 'network', noAnswer),
  // The header has priority over the body, which is often empty.
  row('token unknown or expired', 'chorus-pro', 'stale-token', status(401), either(gatewayRealm, BAD_TOKEN)),
  row('login or password incorrects', 'chorus-pro', 'refused', status(401), blamesLogin),
  row('no token found', 'chorus-pro', 'token-refused', status(400), either(gatewayRealm, BAD_TOKEN)),
  row(
    'scope of the token',
    'either',
    'application-not-allowed',
    status(403),
    oauthError(/^insufficient_scope$/i),
  ),
  row('a proxy asks who we are', 'either', 'network', status(407)),
  row('quota', 'either', 'quota', status(429)),
  row('server error', 'either', 'down', between(500, 599)),
  row('401 in the name of something else', 'chorus-pro', 'unreadable', status(401), foreignRealm),
  // Older back ends have no header; the body says it.
  row('not authenticated in the LDAP', 'chorus-pro', 'refused', status(200, 401), code(401), ABOUT_LOGIN),
  row('ErrorCode 401', 'chorus-pro', 'refused', status(401), (answer) => answer.errorCode === '401'),
  row('401 of PISTE without a known reason', 'chorus-pro', 'no-cause', status(401), pisteRealm),
  // What the body is.
  row(
    'too large, or wrongly compressed',
    'either',
    'unreadable',
    body('broken'),
    failed(new RegExp(`^(${TOO_LARGE}|HPE_|Z_|ERR__|ERR_BROTLI)`)),
  ),
  row('connection lost in the body', 'either', 'network', body('broken')),
  row('success without a word', 'either', 'down', between(200, 299), body('empty')),
  row('a page instead of an answer', 'either', 'down', status(200, 401, 404), body('html')),
  // PISTE's answers about our application; an answer with a token never gets here.
  row('success without a usable token', 'piste', 'down', status(200), body('json')),
  row(
    'PISTE says it is out of order',
    'piste',
    'down',
    status(400, 401),
    oauthError(/^(server_error|temporarily_unavailable)$/i),
  ),
  row('client id or secret refused', 'piste', 'token-refused', status(400, 401), oauthError(/./)),
  row('client refused without a word', 'piste', 'token-refused', status(401)),
  row(
    'API not selected, CGU not accepted, structure not linked, no such route',
    'either',
    'application-not-allowed',
    status(403),
    body('empty', 'json'),
  ),
  // Chorus Pro's answers about the login and the password.
  row('code 401 without a known reason', 'chorus-pro', 'no-cause', status(200), code(401)),
  row('401 without any reason', 'chorus-pro', 'no-cause', status(401)),
  row('success', 'chorus-pro', 'accepted', status(200), code(0)),
  row(
    'a code of technical trouble',
    'chorus-pro',
    'down',
    status(200),
    either(code(500, 599), ABOUT_TROUBLE),
  ),
  row(
    'a code that may speak of the login',
    'chorus-pro',
    'unreadable',
    status(200),
    either(code(400, 499), ABOUT_LOGIN, ABOUT_ACCOUNT),
  ),
  // Chorus Pro sends a business message only to known users; a bare number may come from anywhere.
  row(
    'a business code with its message',
    'chorus-pro',
    'accepted',
    status(200),
    code(1, Infinity),
    labelled(MESSAGE_ID),
  ),
  row(
    'a business code on record, with its message, in a 400',
    'chorus-pro',
    'accepted',
    status(400),
    (answer) => saidBy(answer) !== null,
    labelled(MESSAGE_ID),
    not(either(ABOUT_TROUBLE, ABOUT_LOGIN, ABOUT_ACCOUNT)),
  ),
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
