import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChorusSimulator } from '../../../src/simulator/simulator.ts';
import { ask, NAME, openScene, PASSWORD, type Scene, sign, TAUX, tokenOf } from '../chorus-scene.ts';

let scene: Scene;
let token: string;
beforeEach(async () => {
  scene = await openScene();
  token = await tokenOf(scene);
});
afterEach(() => scene.close());

const REFUSED = 'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';
const SEARCH = 'factures/v1/rechercher/recipiendaire';
const DOWNLOAD = 'factures/v1/telecharger/groupe';
const TREAT = 'factures/v1/traiter/recue';
const RECIPIENTS = 'transverses/v1/recuperer/structures/actives/destinataire';
const ATTACHED = 'utilisateurs/v1/monCompte/recuperer/rattachements';
const HEALTH = 'transverses/v1/health-check';

/** The JSON of an answer that must be 200. */
async function told(path: string, body: unknown = {}, more: object = {}) {
  const answer = await ask(scene, token, path, { body, ...more });
  expect([answer.status, answer.headers['content-type']]).toEqual([
    200,
    expect.stringContaining('application/json'),
  ]);
  return JSON.parse(answer.body);
}
const firstInvoice = async (): Promise<number> => (await told(SEARCH)).listeFactures[0].idFacture;

describe('login and password', () => {
  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown login', { login: 'TECH_9_00000000000000@cpro.fr' }],
    ['no header', { headers: { 'cpro-account': '' } }],
    ['a header that is not base64', { headers: { 'cpro-account': 'not:base64' } }],
    ['a header with Basic before it', { headers: { 'cpro-account': `Basic ${sign(PASSWORD)}` } }],
    ['a header without its padding', { headers: { 'cpro-account': sign('a').replace(/=+$/, '') } }],
    ['a header without a colon', { headers: { 'cpro-account': Buffer.from('login').toString('base64') } }],
    ['a password with a blank after it', { password: `${PASSWORD} ` }],
  ])('%s gives a 401 whose body is empty and whose header tells why', async (_name, more) => {
    const { status, headers, body } = await ask(scene, token, TAUX, more);
    expect([status, headers['www-authenticate'], body]).toEqual([401, REFUSED, '']);
  });

  it('are looked at before the body, and after the token', async () => {
    const wrong = { password: 'wrong', body: '{not json' };
    expect((await ask(scene, token, TAUX, wrong)).status).toBe(401);
    expect((await ask(scene, token, TAUX, { body: '{not json' })).status).toBe(400);
    expect((await ask(scene, 'made-up', TAUX, wrong)).headers['www-authenticate']).toContain('DefaultRealm');
    expect(scene.accounts.lockStateOf(NAME).failures).toBe(0);
  });

  it('look the same when expired, locked or too soon', async () => {
    const same = { status: 401, body: '', headers: { 'www-authenticate': REFUSED } };
    scene.accounts.change(NAME, { expiresOn: '2027-01-03' });
    expect(await ask(scene, token, TAUX)).toMatchObject(same);
    scene.accounts.change(NAME, { expiresOn: null });
    for (let at = 0; at < 5; at += 1) await ask(scene, token, TAUX, { password: 'wrong' });
    expect(await ask(scene, token, TAUX)).toMatchObject(same);
    const whys = scene.events.flatMap((event) => (event.kind === 'login-refused' ? [event.why] : []));
    expect([whys[0], whys.at(-1)]).toEqual(['expired', 'locked']);
  });

  it('may hold a colon and letters beyond ASCII, as the API reads UTF-8 up to the first colon', async () => {
    scene.accounts.replace(NAME, 'é:à(1');
    expect((await ask(scene, token, TAUX, { password: 'é:à(1' })).status).toBe(200);
  });

  it('are passed to the listener, without any password', async () => {
    await ask(scene, token, TAUX);
    await ask(scene, token, TAUX, { password: 'cAnAry(77' });
    expect(scene.events.slice(1)).toMatchObject([
      { kind: 'login-ok', call: 'recuperer/tauxtva', ...NAME },
      { kind: 'login-refused', call: 'recuperer/tauxtva', why: 'wrong-password', ...NAME },
    ]);
    expect(JSON.stringify(scene.events)).not.toMatch(/cAnAry|fB7/);
  });
});

describe('the light calls', () => {
  it('give the health without checking a login, unless the settings ask for it', async () => {
    const health = { method: 'GET', password: 'wrong', headers: { 'content-type': '' } };
    expect(JSON.parse((await ask(scene, token, HEALTH, health)).body)).toEqual({
      body: 'Chorus Pro simulé',
      statusCodeValue: 200,
      statusCode: 'OK',
    });
    expect((await ask(scene, '', HEALTH, health)).status).toBe(400);
    const strict = await openScene({ healthCheckAsksLogin: true });
    expect((await ask(strict, await tokenOf(strict), HEALTH, health)).status).toBe(401);
    await strict.close();
  });

  it('give the VAT rates', async () => {
    const { codeRetour, libelle, listeTauxTva } = await told(TAUX);
    expect([codeRetour, libelle]).toEqual([0, 'TRA_MSG_00.000']);
    expect(listeTauxTva[2]).toEqual({ codeTauxTva: 'TVA5.5', libelleTauxTva: '5.5 %', valeurTauxTva: 5.5 });
  });

  it('give the structures that may receive, and none to who may not', async () => {
    expect((await told(RECIPIENTS)).listeStructures).toEqual([
      {
        idStructureCPP: expect.any(Number),
        identifiant: '99990000100001',
        designationStructure: 'Commune de "Rochebrise" <b>',
      },
      {
        idStructureCPP: expect.any(Number),
        identifiant: '99990000300001',
        designationStructure: 'CCAS de Rochebrise',
      },
    ]);
    scene.accounts.change(NAME, { entitled: false });
    expect(await told(RECIPIENTS)).toMatchObject({ codeRetour: 0, listeStructures: [] });
  });

  it('give the structures of the account, page by page', async () => {
    const second = {
      nbResultatsParPage: 1,
      pageResultatDemandee: 2,
      triColonne: 'IdStructure',
      triSens: 'Ascendant',
    };
    expect(await told(ATTACHED, { parametresRecherche: second })).toMatchObject({
      codeRetour: 0,
      listeStructureRattachement: [
        { identifiantStructure: '99990000300001', typeIdentifiantStructure: 'SIRET' },
      ],
      parametresRetour: { nbResultatsParPage: 1, pageCourante: 2, pages: 2, total: 2 },
    });
    expect((await told(ATTACHED)).parametresRetour.total).toBe(2);
  });

  it.each([
    ['POST', 'transverses/v1/unknown'],
    ['GET', TAUX],
    ['POST', HEALTH],
    ['HEAD', HEALTH],
    ['PUT', TAUX],
  ])('%s %s is not declared: 403 and nothing else', async (method, path) => {
    const { status, headers, body } = await ask(scene, token, path, { method });
    expect([status, headers['www-authenticate'], body]).toEqual([403, undefined, '']);
  });

  it.each([
    ['an empty body', '', 400],
    ['a body that is no object', '[]', 400],
    ['a wrong page', '{"parametresRecherche":{"pageResultatDemandee":0}}', 400],
    ['a form', 'a=b', 415],
    ['more than it takes', `{"a":"${'x'.repeat(1_000_001)}"}`, 413],
  ])('%s is refused as malformed', async (_name, body, status) => {
    const headers = body === 'a=b' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    expect(await ask(scene, token, ATTACHED, { body, headers })).toMatchObject({ status });
  });
});

describe('received invoices', () => {
  it('are found with their paging, by what is asked for', async () => {
    const all = await told(SEARCH, { paramRecherche: { nbResultatsParPage: 4, pageResultatDemandee: 1 } });
    expect(all).toMatchObject({ codeRetour: 0, nbResultatsParPage: 4, pageCourante: 1, pages: 2, total: 6 });
    expect(all.listeFactures).toHaveLength(4);
    expect(all.listeFactures[0]).toMatchObject({ statut: 'MISE_A_DISPOSITION', montantTTC: 140.4 });
    const { numeroFacture } = all.listeFactures[1];
    expect((await told(SEARCH, { numeroFacture, statutCourant: ['MISE_A_DISPOSITION'] })).total).toBe(1);
  });

  it('that are not there are a code, without paging', async () => {
    const nothing = { codeRetour: 20000, libelle: expect.stringContaining('TRA_MSG_00.015') };
    expect(await told(SEARCH, { statutCourant: ['COMPLETEE'] })).toEqual(nothing);
    scene.accounts.change(NAME, { entitled: false });
    expect(await told(SEARCH)).toEqual(nothing);
  });

  it('are downloaded as a PDF or as a pivot file that holds it, and marked', async () => {
    const idFacture = await firstInvoice();
    const pdf = await told(DOWNLOAD, { listeFacture: [{ idFacture }], format: 'PDF' });
    const bytes = Buffer.from(pdf.fichierResultat, 'base64').toString('latin1');
    expect(bytes).toMatch(/^%PDF-1\.4\n[\s\S]*%%EOF\n$/);
    const table = Number(/startxref\n(\d+)/.exec(bytes)?.[1]);
    expect(bytes.slice(table, table + 4)).toBe('xref');
    const pivot = await told(DOWNLOAD, { listeFacture: [{ idFacture }], format: 'PIVOT' });
    const xml = Buffer.from(pivot.fichierResultat, 'base64').toString();
    expect(xml).toMatch(/^<\?xml[\s\S]*<CPPFactures>/);
    expect(xml).toContain('Commune de &#34;Rochebrise&#34; &#60;b&#62;');
    expect(xml).toContain(pdf.fichierResultat);
    expect((await told(SEARCH, { factureTelechargeeParDestinataire: true })).total).toBe(1);
  });

  it('of nobody or of somebody else have their own codes', async () => {
    const idFacture = await firstInvoice();
    const other = { login: 'TECH_1_99990000200001@cpro.fr', password: 'kP5(other_333' };
    const wish = { listeFacture: [{ idFacture }], format: 'PDF' };
    expect(await told(DOWNLOAD, wish, other)).toMatchObject({ codeRetour: 20001 });
    expect(await told(DOWNLOAD, { ...wish, listeFacture: [{ idFacture: 7 }] })).toMatchObject({
      codeRetour: 20000,
      libelle: expect.stringContaining('GDP_MSG_11.008'),
    });
  });

  it('take a new status with its reason, and no odd one', async () => {
    const idFacture = await firstInvoice();
    const treat = (nouveauStatut: string, motif = '') =>
      told(TREAT, { idFacture, nouveauStatut, motif, numeroDPMandat: '' });
    expect(await treat('SUSPENDUE')).toMatchObject({ codeRetour: 20003 });
    expect(await treat('INVENTE')).toMatchObject({
      codeRetour: 20002,
      libelle: expect.stringContaining('GDP_MSG_11.033'),
    });
    expect(await treat('REJETEE', 'Déjà payée')).toMatchObject({
      codeRetour: 0,
      idFacture,
      nouveauStatut: 'REJETEE',
      dateTraitement: '2027-01-04',
    });
    expect((await told(SEARCH, { statutCourant: ['REJETEE'] })).listeFactures[0].commentaireEtatCourant).toBe(
      'Déjà payée',
    );
    expect(await treat('MANDATEE')).toMatchObject({ codeRetour: 20002 });
  });

  it('come in while it runs', async () => {
    scene.invoices.receive({ siret: '99990000100001', name: 'x' });
    expect((await told(SEARCH)).total).toBe(7);
  });
});

it('opens on the ports it is given, and leaves none open when one of them is taken', async () => {
  const portOf = (url: string) => Number(new URL(url).port);
  const settings = { accounts: [], clientId: 'a', clientSecret: 'b' };
  const first = await openChorusSimulator(settings);
  const production = portOf(first.urls.production.apiUrl);
  await first.close();
  const attempt = openChorusSimulator({
    ...settings,
    ports: { production, portal: portOf(scene.portalUrl) },
  });
  await expect(attempt).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const second = await openChorusSimulator({ ...settings, ports: { production } });
  expect(portOf(second.urls.production.apiUrl)).toBe(production);
  await second.close();
});
