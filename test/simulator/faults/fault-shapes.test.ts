import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  FAULT_NATURES,
  type FaultKind,
  type SimulatedFault,
} from '../../../src/simulator/faults/fault-kinds.ts';
import { ask, askToken, LOGIN, openScene, type Scene, START, TAUX, tokenOf } from '../chorus-scene.ts';

const SEARCH = 'factures/v1/rechercher/recipiendaire';
const RECIPIENTS = 'transverses/v1/recuperer/structures/actives/destinataire';
const ATTACHED = 'utilisateurs/v1/monCompte/recuperer/rattachements';
const DOWNLOAD = 'factures/v1/telecharger/groupe';
const REFUSED = 'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';

let scene: Scene;
let token: string;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
afterEach(() => {
  scene.faults.clear();
});

/** Every kind that a test here has seen at the wire. */
const seen = new Set<FaultKind>();

/** The answer of one call with a fault. */
async function struck(fault: SimulatedFault, path = TAUX, more: object = {}) {
  seen.add(fault.kind);
  token = await tokenOf(scene);
  scene.faults.add({ fault, times: 1 });
  return ask(scene, token, path, more);
}
const json = async (fault: SimulatedFault, path: string) => JSON.parse((await struck(fault, path)).body);
/** The token's answer, and its status. */
async function struckToken(fault: SimulatedFault, fields: Record<string, string> = {}) {
  seen.add(fault.kind);
  scene.faults.add({ fault, times: 1 });
  const { status, body } = await askToken(scene, fields);
  return { status, ...JSON.parse(body) };
}

describe('a login is refused', () => {
  it('with the header that is usual', async () => {
    const { status, headers, body } = await struck({ kind: 'refused-login' });
    expect([status, headers['www-authenticate'], body]).toEqual([401, REFUSED, '']);
  });

  it('alternately, 401 and 403, where the account has not settled', async () => {
    seen.add('unsettled');
    token = await tokenOf(scene);
    scene.faults.add({ fault: { kind: 'unsettled' }, login: LOGIN, times: 3 });
    const answers = [
      await ask(scene, token, TAUX),
      await ask(scene, token, TAUX),
      await ask(scene, token, TAUX),
    ];
    expect(answers.map(({ status, headers }) => [status, headers['www-authenticate']])).toEqual([
      [401, REFUSED],
      [403, undefined],
      [401, REFUSED],
    ]);
    expect((await struck({ kind: 'unsettled', status: 403 })).status).toBe(403);
  });
});

describe('PISTE', () => {
  it('misses the token', async () => {
    const { status, headers } = await struck({ kind: 'token-missing' });
    expect([status, headers['www-authenticate']]).toEqual([
      400,
      'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token in the message"',
    ]);
  });

  it('revokes one token in the middle: it stays invalid, another one is valid', async () => {
    const other = await tokenOf(scene);
    expect((await struck({ kind: 'token-revoked' })).headers['www-authenticate']).toContain('invalid_token');
    expect((await ask(scene, token, TAUX)).status).toBe(401);
    expect((await ask(scene, other, TAUX)).status).toBe(200);
  });

  it('disables the application: all tokens are invalid, and none is given', async () => {
    const other = await tokenOf(scene);
    expect((await struck({ kind: 'application-disabled' })).headers['www-authenticate']).toContain(
      'invalid_token',
    );
    expect((await ask(scene, other, TAUX)).status).toBe(401);
    expect(await struckToken({ kind: 'application-disabled' })).toEqual({
      status: 400,
      error: 'invalid_client',
    });
  });

  it('does not know the client, though it is right', async () => {
    expect(await struckToken({ kind: 'invalid-client' })).toEqual({ status: 400, error: 'invalid_client' });
  });

  it('says when to come back as an HTTP date', async () => {
    const { status, headers } = await struck({ kind: 'quota-date', inMs: 90_000 });
    expect([status, headers['retry-after']]).toEqual([429, new Date(START + 90_000).toUTCString()]);
  });
});

describe('a token comes', () => {
  it.each<readonly [SimulatedFault, object]>([
    [{ kind: 'empty-token' }, { access_token: '', expires_in: 3600 }],
    [{ kind: 'life-as-text' }, { expires_in: '3600', access_token: expect.stringMatching(/^.{54}$/) }],
    [{ kind: 'type-lower-case' }, { token_type: 'bearer' }],
  ])('%j', async (fault, answer) => {
    expect(await struckToken(fault)).toMatchObject({ status: 200, ...answer });
    expect(await struckToken(fault, { client_secret: 'wrong' })).toEqual({
      status: 400,
      error: 'invalid_client',
    });
  });

  it('without a life', async () => {
    const { expires_in, ...rest } = await struckToken({ kind: 'life-absent' });
    expect([expires_in, rest.token_type]).toEqual([undefined, 'Bearer']);
  });

  it('with a short life, and dies at its end', async () => {
    const { expires_in, access_token } = await struckToken({ kind: 'short-life', seconds: 5 });
    expect([expires_in, (await ask(scene, access_token, TAUX)).status]).toEqual([5, 200]);
    const own = await openScene({ faults: [{ fault: { kind: 'short-life', seconds: 5 } }] });
    const short = await tokenOf(own);
    own.pass(5_000);
    expect((await ask(own, short, TAUX)).status).toBe(401);
    await own.close();
  });
});

describe('Chorus Pro', () => {
  it.each<readonly [SimulatedFault, number, string]>([
    [{ kind: 'unlinked' }, 403, ''],
    [{ kind: 'no-right' }, 200, '20001 GDP_MSG_11.005'],
    [{ kind: 'no-right', status: 400 }, 400, '20001 GDP_MSG_11.005'],
    [{ kind: 'no-result' }, 200, '20000 TRA_MSG_00.015'],
    [{ kind: 'no-result', code: 20007 }, 200, '20007 GFT_MSG_01.075'],
    [{ kind: 'malformed' }, 400, '400 Requête mal formée.'],
    [{ kind: 'malformed-bare' }, 400, ''],
    [
      { kind: 'answer', status: 502, headers: { 'content-type': 'text/plain' }, body: 'Bad Gateway' },
      502,
      'Bad Gateway',
    ],
  ])('answers %j', async (fault, status, words) => {
    const answer = await struck(fault);
    const body = answer.body.startsWith('{') ? JSON.parse(answer.body) : null;
    expect(answer.status).toBe(status);
    expect(body === null ? answer.body : `${body.codeRetour} ${body.libelle}`).toContain(words);
    if (body !== null) expect(Object.keys(body)).toEqual(['codeRetour', 'libelle']);
  });

  it('finds a download too large, and nothing else', async () => {
    seen.add('too-large');
    token = await tokenOf(scene);
    scene.faults.add({ fault: { kind: 'too-large' } });
    expect((await ask(scene, token, TAUX)).status).toBe(200);
    const wish = { listeFacture: [{ idFacture: 40_000_000_000_001 }], format: 'PDF' };
    expect(await ask(scene, token, DOWNLOAD, { body: wish })).toMatchObject({ status: 413, body: '' });
  });

  it('gives an object where a list is due', async () => {
    const { listeStructures, codeRetour } = await json({ kind: 'single' }, RECIPIENTS);
    expect([codeRetour, listeStructures.identifiant]).toEqual([0, '99990000100001']);
  });

  it('leaves out the paging, or the given fields', async () => {
    const bare = await json({ kind: 'absent' }, ATTACHED);
    expect(Object.keys(bare)).toEqual(['codeRetour', 'libelle', 'listeStructureRattachement']);
    const less = await json({ kind: 'absent', fields: ['codeRetour', 'identifiantStructure'] }, ATTACHED);
    expect(JSON.stringify(less)).not.toMatch(/codeRetour|identifiantStructure"/);
    expect(less.listeStructureRattachement[0].designationStructure).toContain('Rochebrise');
  });

  it('uses the other names, and the other place of the paging', async () => {
    const found = await json({ kind: 'renamed' }, SEARCH);
    expect(found.parametresRetour).toMatchObject({ pageCourante: 1, total: expect.any(Number) });
    expect([found.total, found.listeFactures[0].idFacture]).toEqual([undefined, undefined]);
    expect(found.listeFactures[0].identifiantFactureCPP).toBe(40_000_000_000_001);
    expect(await json({ kind: 'renamed' }, ATTACHED)).toMatchObject({ pageCourante: 1 });
  });

  it.each([
    ['day', '2027-01-04', '2027-01-04'],
    ['zoned', '2027-01-04T00:00:00.000+01:00', '2027-01-04T09:00:00.000+01:00'],
    ['minutes', '2027-01-04 00:00', '2027-01-04 09:00'],
  ] as const)('writes dates as %s', async (as, dateFacture, dateHeureEtatCourant) => {
    const { listeFactures } = await json({ kind: 'dates', as }, SEARCH);
    expect(listeFactures[0]).toMatchObject({ dateFacture, dateHeureEtatCourant });
  });

  it('encodes twice, or says something else', async () => {
    const { listeFactures } = await json({ kind: 'double-utf8' }, SEARCH);
    const supplier = listeFactures[1].designationFournisseur;
    expect(supplier).toBe('Ã\u0089lectricitÃ© Courant Clair');
    expect(await json({ kind: 'label', text: 'CODE PAR DEFAUT' }, TAUX)).toMatchObject({
      codeRetour: 0,
      libelle: 'CODE PAR DEFAUT',
      listeTauxTva: expect.any(Array),
    });
  });
});

it('has been seen at the wire for every kind, here or in the test of the plan', () => {
  const elsewhere: readonly FaultKind[] = [
    ...([
      'delay',
      'latency-uniform',
      'latency-long-tail',
      'hang',
      'reset',
      'refused-ldap',
      'refused-field',
    ] as const),
    ...([
      'refused-bare',
      'token-dead',
      'scope-short',
      'forbidden',
      'quota',
      'broken',
      'maintenance',
    ] as const),
    ...(['html', 'empty', 'business'] as const),
    // In apply-fault.test.ts.
    ...(['truncated', 'wrong-length', 'gzip-broken', 'latin1', 'drip', 'huge', 'bomb'] as const),
  ];
  expect([...seen, ...elsewhere].filter((kind, at, all) => all.indexOf(kind) === at).toSorted()).toEqual(
    Object.keys(FAULT_NATURES).toSorted(),
  );
});
