// Behaviours found by peers (chorus-pro-api.md §6.2), row by row.

import { LOGIN } from '../../rig/world-store.ts';
import { json, type Reply } from './scripted-chorus.ts';
import { BLAMED, granted, TOKEN, TVA } from './settings.ts';
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
import { HANDED_IN, OURS } from './verdict-readers.ts';
import type { Outcome } from './verdict-sentences.ts';

const NO_TOKEN = 'Bearer realm="DefaultRealm",error="invalid_request"';
const LISTED = { codeRetour: 0, libelle: 'TRA_MSG_00.000', listeStructures: [OURS] };

/** UTF-8 read as Latin-1 and written as UTF-8 again. */
const twice = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** Answers well to a call with our token and the account, and as PISTE does to any other. */
const ifWhole =
  (value: object): Reply =>
  (response, nth) => {
    const { authorization, 'cpro-account': account } = response.req.headers;
    const whole = Buffer.from(`${LOGIN}:${HANDED_IN}`, 'utf8').toString('base64');
    if (authorization !== `Bearer ${TOKEN}`) challenged(400, NO_TOKEN)(response, nth);
    else if (account !== whole) challenged(401, BLAMED)(response, nth);
    else json(value)(response, nth);
  };

/** What an empty body means depends on its status alone, and never is a good sign. */
const EMPTY: readonly (readonly [status: number, is: Outcome])[] = [
  [200, 'chorus-pro-down'],
  [204, 'chorus-pro-down'],
  [302, 'unreadable'],
  [400, 'unreadable'],
  [403, 'application-not-allowed'],
  [404, 'unreadable'],
  [407, 'network'],
  [413, 'unreadable'],
  [429, 'quota'],
  [500, 'chorus-pro-down'],
  [502, 'chorus-pro-down'],
  [503, 'chorus-pro-down'],
  [504, 'chorus-pro-down'],
];

// Rows that our calls cannot meet: dates in three shapes (no answer to us holds a date that is read; Retry-After in both of
// its own shapes is in client.test.ts), `consulterCR` (supplier side). Of the slips of the GO library, the token that is
// sent only when it is new is the one that a wire shows.
export const PEERS: readonly VerdictCase[] = [
  {
    row: '200 with codeRetour other than 0',
    script: { rights: returns(20002, 'GDP_MSG_11.033') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: '“no result” is a non-zero code, and paging fields are then missing',
    script: { rights: returns(20000, 'TRA_MSG_00.015') },
    is: 'not-entitled',
  },
  {
    row: '401 with empty body; reason only in WWW-Authenticate',
    script: { rights: challenged(401, BLAMED) },
    is: 'password-refused',
    costs: 1,
    evidence: { authenticate: BLAMED, excerpt: '' },
  },
  {
    row: 'missing token gives 400, not 401',
    script: { rights: challenged(400, NO_TOKEN) },
    is: 'token-refused',
  },
  {
    row: 'unknown route gives 403, not 404',
    script: both(raw(403)),
    is: 'application-not-allowed',
  },
  { row: '404 all the same, with a page', script: { rights: page(404) }, is: 'chorus-pro-down' },
  {
    row: '403 empty body on data-set or structure mismatch, for one call alone',
    script: { rights: raw(403), tva: json(TVA) },
    is: 'accepted',
    entitled: null,
  },
  ...[400, 401].map(
    (status): VerdictCase => ({
      row: `unknown client and wrong secret are the same answer (${status})`,
      script: { token: json({ error: 'invalid_client', error_description: 'client not found' }, status) },
      is: 'token-refused',
      evidence: { call: 'token', status },
    }),
  ),
  {
    row: '200 with an empty token',
    script: { token: json(granted('')) },
    is: 'piste-down',
    evidence: { call: 'token', status: 200 },
  },
  ...EMPTY.map(
    ([status, is]): VerdictCase => ({
      row: `empty body on a failed call, any status: ${status}`,
      script: status === 200 || status === 403 ? both(raw(status)) : { rights: raw(status) },
      is,
      evidence: { status, excerpt: '' },
    }),
  ),
  {
    row: 'empty body on a failed call, any status: 401, twice',
    script: { rights: raw(401) },
    is: 'password-refused',
    costs: 2,
    calls: TWO_LOOKS,
  },
  { row: 'empty body instead of a token', script: { token: raw(200) }, is: 'piste-down' },
  {
    row: 'list returned as a single object',
    script: { rights: json({ ...LISTED, listeStructures: OURS }) },
    is: 'accepted',
  },
  {
    row: 'names not uniform: the structures of another service are not read, and nothing is missed',
    script: {
      rights: json({
        ...LISTED,
        listeStructures: [{ idStructure: 12345, identifiantStructure: OURS.identifiant }],
        parametresRetour: { pageCourante: 1, pages: 1, total: 1 },
      }),
    },
    is: 'accepted',
    entitled: null,
  },
  {
    row: 'dates in three shapes, beside what is read',
    script: {
      rights: json({
        ...LISTED,
        listeStructures: [
          { ...OURS, le: '2026-11-21', au: '2026-11-21T10:00:00+01:00', vu: '2026-11-21 10:00' },
        ],
      }),
    },
    is: 'accepted',
  },
  {
    row: 'doubly encoded UTF-8 in a label of success',
    script: { rights: json({ ...LISTED, libelle: twice('Opération réussie') }) },
    is: 'accepted',
    evidence: { returned: { code: 0, label: twice('Opération réussie').replaceAll(/[\x80-\x9f]/g, ' ') } },
  },
  {
    row: 'doubly encoded UTF-8 in a label about the login',
    script: { rights: returns(401, twice("Échec : impossible d’authentifier l'utilisateur"), 401) },
    is: 'password-refused',
    costs: 1,
  },
  {
    row: 'token header in every call, be the token new or not',
    script: { rights: ifWhole(LISTED) },
    is: 'accepted',
    calls: { token: 1, tva: 0, rights: 1 },
  },
  {
    row: 'new technical account unusable for half an hour: 401, then well',
    script: { rights: firstly(challenged(401, BLAMED), json(LISTED)) },
    is: 'password-refused',
    costs: 1,
    ends: 'accepted',
  },
  {
    row: 'new technical account unusable for half an hour: 403, then well',
    script: { rights: firstly(raw(403), json(LISTED)), tva: raw(403) },
    is: 'application-not-allowed',
    ends: 'accepted',
  },
  {
    row: 'special characters in a password break nothing: they come whole',
    script: { rights: ifWhole(LISTED) },
    is: 'accepted',
  },
];
