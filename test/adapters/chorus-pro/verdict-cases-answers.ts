// The case table of the API (chorus-pro-api.md §2.3) and the notes below it, row by row.
import { json } from './scripted-chorus.ts';
import { BLAMED, STALE, TVA } from './settings.ts';
import {
  both,
  challenged,
  firstly,
  page,
  raw,
  returns,
  TWO_LOOKS,
  type VerdictCase,
} from './verdict-case.ts';
import { OURS } from './verdict-readers.ts';

const ANOTHER_HOUR = new Date(Date.now() - 3_600_000).toUTCString();
const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";
const NO_TOKEN =
  'Bearer realm="DefaultRealm",error="invalid_request",error_description="Unable to find token in the message"';
const SCOPE = 'Bearer realm="DefaultRealm",error="insufficient_scope",scope="openid"';
const refused = { is: 'password-refused', costs: 1 } as const;
const well = json({ codeRetour: 0, libelle: 'TRA_MSG_00.000', listeStructures: [OURS] });
const believed = json(TVA);

// 413 is on record for downloads, which we never make: its nearest case is a 413 to our own call.
export const TABLE: readonly VerdictCase[] = [
  {
    row: 'wrong login or wrong password',
    script: { rights: challenged(401, BLAMED) },
    ...refused,
    evidence: { status: 401, authenticate: BLAMED, excerpt: '' },
  },
  {
    row: 'wrong login or password, with a body beside the header',
    script: { rights: json({ codeRetour: 401, libelle: 'KO' }, 401, { 'WWW-Authenticate': BLAMED }) },
    ...refused,
  },
  {
    row: 'same, other body shapes seen: the LDAP text',
    script: { rights: returns(401, LDAP, 401) },
    ...refused,
    evidence: { authenticate: null, returned: { code: 401, label: LDAP } },
  },
  {
    row: 'same, on the organisations API: ErrorCode 401',
    script: { rights: json({ ErrorCode: '401', Description: '[invalid field]' }, 401) },
    ...refused,
  },
  { row: 'password expired: the same 401', script: { rights: challenged(401, BLAMED) }, ...refused },
  {
    row: 'account locked or disabled: the same 401',
    script: { rights: challenged(401, BLAMED) },
    ...refused,
  },
  {
    row: 'shortly after a technical-user change: 401, later well',
    script: { rights: firstly(challenged(401, BLAMED), well) },
    ...refused,
    ends: 'accepted',
  },
  {
    row: 'shortly after a technical-user change: 403, later well',
    script: { rights: firstly(raw(403), well), tva: raw(403) },
    is: 'application-not-allowed',
    ends: 'accepted',
  },
  {
    row: 'no Authorization, or malformed: 400',
    script: { rights: challenged(400, NO_TOKEN) },
    is: 'token-refused',
    evidence: { status: 400, authenticate: NO_TOKEN },
  },
  {
    row: 'token unknown or expired: another one is taken',
    script: { rights: firstly(challenged(401, STALE), well) },
    is: 'accepted',
    calls: { token: 2, tva: 0, rights: 2 },
  },
  {
    row: 'application disabled: no token is taken',
    script: { rights: challenged(401, STALE) },
    is: 'token-refused',
    calls: TWO_LOOKS,
  },
  {
    row: 'token refused where their clock is an hour from ours',
    script: { rights: challenged(401, STALE, { Date: ANOTHER_HOUR }) },
    is: 'our-clock',
    calls: TWO_LOOKS,
  },
  {
    row: 'token with a bad scope: 403',
    script: both(challenged(403, SCOPE)),
    is: 'application-not-allowed',
    evidence: { status: 403, authenticate: SCOPE },
  },
  {
    row: 'API not selected, CGU not accepted, route not declared: 403 with an empty body',
    script: both(raw(403)),
    is: 'application-not-allowed',
    evidence: { status: 403, authenticate: null, excerpt: '' },
  },
  {
    row: 'the same with JSON',
    script: both(json({ message: 'Forbidden' }, 403)),
    is: 'application-not-allowed',
  },
  { row: 'the same at the token', script: { token: raw(403) }, is: 'application-not-allowed' },
  {
    row: 'structure not linked, or wrong test data set: 403 to the call about structures',
    script: { rights: raw(403), tva: believed },
    is: 'accepted',
    entitled: null,
    evidence: { call: 'recuperer/tauxtva', status: 200 },
  },
  {
    row: 'the same, and the call that needs no right says: wrong login or password',
    script: { rights: raw(403), tva: challenged(401, BLAMED) },
    ...refused,
    evidence: { call: 'recuperer/tauxtva', authenticate: BLAMED },
  },
  {
    row: 'the same, and a 401 without a reason, twice',
    script: { rights: raw(403), tva: raw(401) },
    is: 'password-refused',
    costs: 2,
    calls: { token: 2, tva: 2, rights: 1 },
  },
  {
    row: 'the same, and the token has run out between the two',
    script: { rights: raw(403), tva: firstly(challenged(401, STALE), believed) },
    is: 'accepted',
    entitled: null,
    calls: { token: 2, tva: 2, rights: 1 },
  },
  {
    row: 'a 401 without a reason, then 403: what the first may have cost stands',
    script: { rights: firstly(raw(401), raw(403)), tva: believed },
    is: 'accepted',
    costs: 1,
    entitled: null,
    calls: { token: 2, tva: 1, rights: 2 },
  },
  {
    row: 'the same, and the call that needs no right is out of order',
    script: { rights: raw(403), tva: page(503) },
    is: 'chorus-pro-down',
    evidence: { call: 'recuperer/tauxtva' },
  },
  {
    row: 'the technical user lacks the right: 200 with a business code',
    script: { rights: returns(20001, 'GDP_MSG_11.005 Vous ne disposez pas des droits.') },
    is: 'not-entitled',
  },
  {
    row: 'the technical user lacks the right: 400 with a business code',
    script: { rights: returns(20001, 'GDP_MSG_11.005', 400) },
    is: 'not-entitled',
  },
  {
    row: 'listing with no habilitation at all: an empty list',
    script: { rights: json({ codeRetour: 0, libelle: 'TRA_MSG_00.000', listeStructures: [] }) },
    is: 'not-entitled',
  },
  {
    row: 'listing with no habilitation at all: the code of no result',
    script: { rights: returns(20000, 'TRA_MSG_00.015') },
    is: 'not-entitled',
  },
  {
    row: 'wrong JSON, wrong enum value: 400 with a code',
    script: { rights: returns(400, 'Le flux JSON est invalide', 400) },
    is: 'unreadable',
    evidence: { status: 400, returned: { code: 400, label: 'Le flux JSON est invalide' } },
  },
  { row: 'wrong JSON, wrong enum value: 400 without', script: { rights: raw(400) }, is: 'unreadable' },
  {
    row: 'quota or throttle exceeded: 429 with Retry-After',
    script: { rights: raw(429, { 'Retry-After': '30' }) },
    is: 'quota',
    retryAfterMs: 30_000,
  },
  { row: 'quota at the token: 429', script: { token: raw(429) }, is: 'quota' },
  { row: 'service down: 503 with a page', script: { rights: page(503) }, is: 'chorus-pro-down' },
  { row: 'service down: 500 with an empty body', script: { rights: raw(500) }, is: 'chorus-pro-down' },
  { row: 'maintenance: a page with 200', script: both(page(200)), is: 'chorus-pro-down' },
  {
    row: 'a page with 200 about the account alone',
    script: { rights: page(200), tva: believed },
    is: 'accepted',
    entitled: null,
  },
  { row: 'PISTE down: 503 with a page', script: { token: page(503) }, is: 'piste-down' },
  {
    row: 'no answer: the connection is cut',
    script: { rights: (response) => response.destroy() },
    is: 'network',
    evidence: { status: null, excerpt: 'ECONNRESET' },
  },
  { row: 'download too big: 413', script: { rights: raw(413) }, is: 'unreadable', evidence: { status: 413 } },
  {
    row: '401 with neither realm nor error: refused, cause not given, after one new token',
    script: { rights: raw(401) },
    is: 'password-refused',
    costs: 2,
    calls: TWO_LOOKS,
  },
  {
    row: '401 in the name of something else, as a proxy sends it',
    script: { rights: challenged(401, 'Basic realm="Internet"') },
    is: 'unreadable',
  },
];
