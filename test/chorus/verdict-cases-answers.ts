// The case table of the API (chorus-pro-api.md §2.3) and the notes below it, row by row.
import { json } from './scripted-chorus.ts';
import { BLAMED, STALE, TVA } from './settings.ts';
import { challenged, firstly, page, raw, returns, TWO_LOOKS, type VerdictCase } from './verdict-case.ts';

const ANOTHER_HOUR = new Date(Date.now() - 3_600_000).toUTCString();
const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";
const NO_TOKEN =
  'Bearer realm="DefaultRealm",error="invalid_request",error_description="Unable to find token in the message"';
const SCOPE = 'Bearer realm="DefaultRealm",error="insufficient_scope",scope="openid"';
const refused = { is: 'password-refused', costs: 1 } as const;
const well = json(TVA);

// 413 is on record for downloads, which we never make: its nearest case is a 413 to our own call.
export const TABLE: readonly VerdictCase[] = [
  {
    row: 'wrong login or wrong password',
    script: { tva: challenged(401, BLAMED) },
    ...refused,
    evidence: { status: 401, authenticate: BLAMED, excerpt: '' },
  },
  {
    row: 'wrong login or password, with a body beside the header',
    script: { tva: json({ codeRetour: 401, libelle: 'KO' }, 401, { 'WWW-Authenticate': BLAMED }) },
    ...refused,
  },
  {
    row: 'same, other body shapes seen: the LDAP text',
    script: { tva: returns(401, LDAP, 401) },
    ...refused,
    evidence: { authenticate: null, returned: { code: 401, label: LDAP } },
  },
  {
    row: 'same, on the organisations API: ErrorCode 401',
    script: { tva: json({ ErrorCode: '401', Description: '[invalid field]' }, 401) },
    ...refused,
  },
  { row: 'password expired: the same 401', script: { tva: challenged(401, BLAMED) }, ...refused },
  { row: 'account locked or disabled: the same 401', script: { tva: challenged(401, BLAMED) }, ...refused },
  {
    row: 'shortly after a technical-user change: 401, later well',
    script: { tva: firstly(challenged(401, BLAMED), well) },
    ...refused,
    ends: 'accepted',
  },
  {
    row: 'shortly after a technical-user change: 403, later well',
    script: { tva: firstly(raw(403), well) },
    is: 'application-not-allowed',
    ends: 'accepted',
  },
  {
    row: 'no Authorization, or malformed: 400',
    script: { tva: challenged(400, NO_TOKEN) },
    is: 'token-refused',
    evidence: { status: 400, authenticate: NO_TOKEN },
  },
  {
    row: 'token unknown or expired: another one is taken',
    script: { tva: firstly(challenged(401, STALE), well) },
    is: 'accepted',
    calls: { token: 2, tva: 2, rights: 1 },
  },
  {
    row: 'application disabled: no token is taken',
    script: { tva: challenged(401, STALE) },
    is: 'token-refused',
    calls: TWO_LOOKS,
  },
  {
    row: 'token refused where their clock is an hour from ours',
    script: { tva: challenged(401, STALE, { Date: ANOTHER_HOUR }) },
    is: 'our-clock',
    calls: TWO_LOOKS,
  },
  {
    row: 'token with a bad scope: 403',
    script: { tva: challenged(403, SCOPE) },
    is: 'application-not-allowed',
    evidence: { status: 403, authenticate: SCOPE },
  },
  {
    row: 'API not selected, CGU not accepted, route not declared: 403 with an empty body',
    script: { tva: raw(403) },
    is: 'application-not-allowed',
    evidence: { status: 403, authenticate: null, excerpt: '' },
  },
  {
    row: 'the same with JSON',
    script: { tva: json({ message: 'Forbidden' }, 403) },
    is: 'application-not-allowed',
  },
  { row: 'the same at the token', script: { token: raw(403) }, is: 'application-not-allowed' },
  {
    row: 'structure not linked, or wrong test data set: 403 to the call about structures',
    script: { rights: raw(403) },
    is: 'accepted',
    entitled: null,
  },
  {
    row: 'wrong login or password, said by the call that surely looks at the account alone',
    script: { rights: challenged(401, BLAMED) },
    is: 'password-refused',
    costs: 1,
    calls: { token: 1, tva: 1, rights: 1 },
    evidence: { call: 'recuperer/structures/actives/destinataire', authenticate: BLAMED },
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
    script: { tva: returns(400, 'Le flux JSON est invalide', 400) },
    is: 'unreadable',
    evidence: { status: 400, returned: { code: 400, label: 'Le flux JSON est invalide' } },
  },
  { row: 'wrong JSON, wrong enum value: 400 without', script: { tva: raw(400) }, is: 'unreadable' },
  {
    row: 'quota or throttle exceeded: 429 with Retry-After',
    script: { tva: raw(429, { 'Retry-After': '30' }) },
    is: 'quota',
    retryAfterMs: 30_000,
  },
  { row: 'quota at the token: 429', script: { token: raw(429) }, is: 'quota' },
  { row: 'service down: 503 with a page', script: { tva: page(503) }, is: 'chorus-pro-down' },
  { row: 'service down: 500 with an empty body', script: { tva: raw(500) }, is: 'chorus-pro-down' },
  { row: 'maintenance: a page with 200', script: { tva: page(200) }, is: 'chorus-pro-down' },
  { row: 'PISTE down: 503 with a page', script: { token: page(503) }, is: 'piste-down' },
  { row: 'down while the rights are asked', script: { rights: page(503) }, is: 'accepted', entitled: null },
  {
    row: 'no answer: the connection is cut',
    script: { tva: (response) => response.destroy() },
    is: 'network',
    evidence: { status: null, excerpt: 'ECONNRESET' },
  },
  { row: 'download too big: 413', script: { tva: raw(413) }, is: 'unreadable', evidence: { status: 413 } },
  {
    row: '401 with neither realm nor error: refused, cause not given, after one new token',
    script: { tva: raw(401) },
    is: 'password-refused',
    costs: 2,
    calls: TWO_LOOKS,
  },
  {
    row: '401 in the name of something else, as a proxy sends it',
    script: { tva: challenged(401, 'Basic realm="Internet"') },
    is: 'unreadable',
  },
];
