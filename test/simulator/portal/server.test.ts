import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNTS, LOGIN, NAME, openScene, raw, type Scene } from '../chorus-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const HOME = '99990000100001';
const RESET = '/raccordements/compte-technique/reinitialisation';
const get = (path: string, headers: Record<string, string> = {}) =>
  raw(`${scene.portalUrl}${path}`, { method: 'GET', headers });
const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  raw(`${scene.portalUrl}${path}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
const openRequest = () => post('/demandes', { structure: HOME, compte: `production ${LOGIN}` });
const passwordOn = (page: string) =>
  /id="mot-de-passe">([^<]+)</
    .exec(page)?.[1]
    ?.replace(/&#(\d+);/g, (_found, code) => String.fromCharCode(Number(code)));

const PAGES = [
  '/',
  '/raccordements',
  '/raccordements/compte-technique',
  '/raccordements/compte-technique/demande?type=creation',
  RESET,
  `${RESET}?structure=${HOME}`,
  `${RESET}?structure=%3Cscript%3E`,
  '/activites',
  `/structures/${HOME}`,
  '/demandes/1',
  '/demandes/2',
];

describe('the pages', () => {
  beforeEach(async () => {
    await openRequest();
    await openRequest();
    await post('/demandes/1/soumission');
    scene.events.splice(0);
  });

  it.each(PAGES)(
    '%s says that it is simulated, runs no script, fetches nothing, is kept nowhere',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/script|unsafe/);
      expect(body).toContain('<strong>Portail simulé.</strong> Ce n’est pas Chorus Pro\u00A0:');
      expect(body).not.toMatch(/<script|style=|<b>|https?:|« | »| [:;!?]/);
      expect(scene.events).toEqual([]);
      expect(scene.requests.history(NAME).map(({ state }) => state)).toEqual(['submitted', 'void']);
    },
  );

  it.each(['/nope', '/demandes/3', '/demandes/x', '/structures/1', '/demandes/0'])(
    '%s is not there',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('a reset by plain requests', () => {
  it('shows the password in the request, puts it in force when submitted, and never shows it again', async () => {
    const { status, headers } = await openRequest();
    expect([status, headers.location]).toEqual([303, '/demandes/1']);
    const password = passwordOn((await get('/demandes/1')).body) ?? '';
    expect(password).toMatch(/^[!-~]{12,14}$/);
    expect(passwordOn((await get('/demandes/1')).body)).toBe(password);
    expect(scene.accounts.passwordOf(NAME)).not.toBe(password);
    expect((await post('/demandes/1/soumission')).headers.location).toBe('/demandes/1');
    expect(scene.accounts.passwordOf(NAME)).toBe(password);
    const { body } = await get('/demandes/1');
    expect([body.includes(password), passwordOn(body)]).toEqual([false, undefined]);
    expect(body).toContain('04/01/2028');
  });

  it.each([
    [{}],
    [{ structure: HOME }],
    [{ structure: HOME, compte: 'production nobody' }],
    [{ structure: HOME, compte: 'production TECH_1_99990000200001@cpro.fr' }],
    [{ structure: 'x', compte: `production ${LOGIN}` }],
  ])('is not begun with %j', async (form) => {
    const { status, body } = await post('/demandes', form);
    expect([status, body.includes('role="alert"')]).toEqual([400, true]);
    expect(scene.events).toEqual([]);
  });

  it('is not begun, nor submitted, from elsewhere', async () => {
    await openRequest();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host: 'evil.example' },
    ]) {
      expect(
        (await post('/demandes', { structure: HOME, compte: `production ${LOGIN}` }, headers)).status,
      ).toBe(403);
      expect((await post('/demandes/1/soumission', {}, headers)).status).toBe(403);
    }
    expect((await get('/', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/demandes/1/soumission')).status).toBe(404);
    expect(scene.events.map(({ kind }) => kind)).toEqual(['reset-shown']);
  });

  it('refuses a form that no page of ours sends', async () => {
    expect((await post('/demandes', { structure: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await post('/demandes/9/soumission')).status).toBe(404);
  });
});

it('lists the users of a structure with their dates, also those whose home is elsewhere', async () => {
  const textOf = (page: string) => page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  const home = textOf((await get(`/structures/${HOME}`)).body);
  expect(home).toMatch(/TECH_1_99990000100001@cpro\.fr technique 03\/02\/2027/);
  expect(home).toMatch(/TECH_1_99990000100001@cpro\.fr technique, qualification aucune/);
  scene.accounts.change(NAME, { further: [{ siret: '99990000200001', name: 'x' }] });
  const second = textOf((await get('/structures/99990000200001')).body);
  expect(second).toContain(ACCOUNTS[2]?.login);
  expect(second).toMatch(/TECH_1_99990000100001@cpro\.fr technique 03\/02\/2027/);
});
