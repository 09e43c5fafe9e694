import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORY_STEPS, type StoryStep } from '../../../src/demo/pages/dashboard-view.ts';
import { demoServer } from '../../../src/demo/pages/server.ts';
import { ACCOUNT, CONNECTOR, type FakeDashboard, fakeDashboard, LETTER, STORY } from './fake-dashboard.ts';

let dashboard: FakeDashboard;
let app: FastifyInstance;
beforeEach(() => {
  dashboard = fakeDashboard();
  app = demoServer(dashboard);
});
afterEach(() => app.close());

const clockSetAt = () => String(dashboard.clockSetAt());
const account = `/comptes/production/${encodeURIComponent(ACCOUNT.login)}`;

function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams({ vu: clockSetAt(), retour: '/comptes', ...form }).toString(),
  });
}

const PAGES = [
  '/',
  '/?lecteur=zoe%40commune.example&page=2',
  '/lettres/1',
  '/lettres/1?vue=texte',
  '/comptes',
  account,
  '/histoire',
  '/connecteur',
];

describe('the pages', () => {
  it.each(PAGES)('%s runs no script, fetches nothing, shows data as data', async (url) => {
    const { statusCode, headers, body } = await app.inject(url);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/script|unsafe/);
    expect(body).toContain('<html lang="fr">');
    expect(body).not.toMatch(/<script|style=|<b>/);
    // Nothing leads away from this machine.
    expect(body.replaceAll(/href="http:\/\/127\.0\.0\.1:\d+[/\w]*"/g, '')).not.toMatch(/https?:/);
    expect(dashboard.asked).toEqual([]);
  });

  it('an account shows whom to call', async () => {
    const { body } = await app.inject(account);
    expect(body).toContain('zoe@commune.example&#62;, 03\u00a053\u00a001\u00a012\u00a034');
  });

  it('gives a letter as it is, in a box with no right but that its links open beside it', async () => {
    const { headers, body } = await app.inject('/lettres/1/page');
    expect(body).toBe(LETTER.html);
    expect(headers['content-security-policy']).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/,
    );
    expect((await app.inject('/lettres/1')).body).toContain(
      '<iframe class="letter" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/lettres/1/page"',
    );
  });

  it('makes links of a letter’s personal addresses, and of nothing else in its text', async () => {
    const text =
      'http://127.0.0.1:9/m/q1Zx_Yk-2\nhttp://127.0.0.1:9/other <b>\nhttps://elsewhere.example/m/q1';
    const other = demoServer(fakeDashboard([{ ...LETTER, text }]));
    const { body } = await other.inject('/lettres/1?vue=texte');
    await other.close();
    const pre = /<pre[\s\S]*<\/pre>/.exec(body)?.[0] ?? '';
    expect([...pre.matchAll(/<a href="([^"]*)"/g)].map(([, to]) => to)).toEqual([
      'http://127.0.0.1:9/m/q1Zx_Yk-2',
    ]);
    expect(pre).toContain('&#60;b&#62;');
    const whole = demoServer(
      fakeDashboard([{ ...LETTER, html: '<html><head><title>x</title></head></html>' }]),
    );
    expect((await whole.inject('/lettres/1/page')).body).toContain('<head>\n<base target="_blank">');
    await whole.close();
  });

  it('gives the message and the deadline as files', async () => {
    const eml = await app.inject('/lettres/1.eml');
    expect(eml.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': 'attachment; filename="lettre-1.eml"',
    });
    expect(eml.body).toBe(LETTER.raw.toString());
    const ics = await app.inject('/lettres/1.ics');
    expect(ics.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(ics.body).toBe('BEGIN:VCALENDAR');
  });

  it('shows one mailbox when asked, and sixty letters on a page', async () => {
    const letters = Array.from({ length: 130 }, (_, at) => ({
      ...LETTER,
      number: at + 1,
      recipient: at % 2 === 0 ? 'a@x.example' : 'b@x.example',
    }));
    const large = demoServer(fakeDashboard(letters));
    const numbers = async (url: string) =>
      [...(await large.inject(url)).body.matchAll(/href="\/lettres\/(\d+)"/g)].map(([, number]) =>
        Number(number),
      );
    expect(await numbers('/')).toEqual(Array.from({ length: 60 }, (_, at) => 130 - at));
    expect(await numbers('/?page=3')).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await numbers('/?lecteur=b%40x.example&page=2')).toEqual([10, 8, 6, 4, 2]);
    await large.close();
  });

  it.each(['/nope', '/lettres/2', '/lettres/0', '/lettres/2.eml', '/comptes/production/nobody'])(
    '%s is not there',
    async (url) => {
      expect((await app.inject(url)).statusCode).toBe(404);
    },
  );
});

describe('the story', () => {
  const marks = async (done: readonly StoryStep[]) => {
    dashboard.shown = { ...STORY, done: new Set(done) };
    const { body } = await app.inject('/histoire');
    const list = /<ol class="story">[\s\S]*?<\/ol>/.exec(body)?.[0] ?? '';
    return [...list.matchAll(/<span class="state \w+">([^<]+)</g)].map(([, mark]) => mark);
  };

  it('marks what is done, what comes next, and an announcement that was left out', async () => {
    expect(await marks([])).toEqual(['maintenant', 'ensuite', 'ensuite', 'ensuite', 'ensuite']);
    expect(await marks(['letter'])).toEqual(['fait', 'maintenant', 'ensuite', 'ensuite', 'ensuite']);
    expect(await marks(['letter', 'reset'])).toEqual(['fait', 'passé', 'fait', 'maintenant', 'ensuite']);
    expect(await marks(STORY_STEPS)).toEqual(['fait', 'fait', 'fait', 'fait', 'fait']);
  });

  it('leads to the letter, the page of its link, the portal and the connector', async () => {
    const { body } = await app.inject('/histoire');
    for (const address of ['/lettres/1', STORY.link, STORY.portal, '/connecteur']) {
      expect(body).toContain(`<a href="${address}"`);
    }
    dashboard.shown = { ...STORY, letter: null, link: null };
    const without = (await app.inject('/histoire')).body;
    expect(without).not.toContain('/m/');
    expect(without).toContain('Aucun courriel pour le moment');
  });

  it('shows the gaps in seconds once the connector works again', async () => {
    const gaps = { sinceSubmissionMs: 1_340, withoutInvoicesMs: 48_120 };
    dashboard.shown = { ...STORY, status: 'done', connector: { ...CONNECTOR, gaps } };
    for (const url of ['/histoire', '/connecteur']) {
      const { body } = await app.inject(url);
      expect(body).toContain('1,3\u00A0s');
      expect(body).toContain('48,1\u00A0s');
    }
  });

  it('reloads the connector’s page by itself, until that is switched off', async () => {
    expect((await app.inject('/connecteur')).headers.refresh).toBe('3');
    expect((await app.inject('/connecteur?vue=fixe')).headers.refresh).toBeUndefined();
    expect((await app.inject('/histoire')).headers.refresh).toBeUndefined();
  });

  it('takes PISTE down and up, by its own form alone', async () => {
    await post('/piste', { piste: 'panne' });
    await post('/piste', { piste: 'marche' });
    expect(dashboard.asked).toEqual(['piste down', 'piste up']);
    expect((await post('/piste', { piste: 'aus' })).statusCode).toBe(400);
    expect((await post('/piste', { piste: 'panne' }, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(
      403,
    );
    expect((await app.inject('/piste?piste=panne')).statusCode).toBe(404);
    expect(dashboard.asked).toHaveLength(2);
  });
});

describe('the forms', () => {
  it('move the clock, and go back to the page they stood on', async () => {
    const { statusCode, headers } = await post('/horloge', { pas: 'week' });
    expect([statusCode, headers.location]).toEqual([303, '/comptes']);
    expect(dashboard.asked).toEqual(['week']);
  });

  it('renew a password and change a manager', async () => {
    await post(`${account}/renouvellement`, {});
    await post(`${account}/gestionnaire`, { nom: 'Max', courriel: 'max@x.example' });
    expect(dashboard.asked).toEqual([
      `renew production ${ACCOUNT.login}`,
      `hand over ${ACCOUNT.login} Max max@x.example`,
    ]);
  });

  it('say what was wrong, and keep what was typed', async () => {
    dashboard.fault = 'Cette adresse n’en est pas une.';
    const { body } = await post(`${account}/gestionnaire`, { nom: 'Max "M"', courriel: 'max' });
    expect(body).toContain('Cette adresse n’en est pas une.');
    expect(body).toContain('value="Max &#34;M&#34;"');
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/x\r\nset-cookie: a=b',
  ])('never lead elsewhere (%j)', async (retour) => {
    expect((await post('/horloge', { pas: 'day', retour })).headers.location).toBe('/');
  });

  it('do nothing when the page they stood on is no longer true, or the clock is moving', async () => {
    expect((await post('/horloge', { pas: 'year', vu: String(Number(clockSetAt()) - 1) })).statusCode).toBe(
      303,
    );
    dashboard.moving = true;
    expect((await post('/horloge', { pas: 'year' })).statusCode).toBe(303);
    expect(dashboard.asked).toEqual([]);
  });

  it('are refused when they come from elsewhere', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host: 'evil.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { host: 'localhost:8900', origin: 'http://localhost:8901' },
    ]) {
      expect((await post('/horloge', { pas: 'year' }, headers)).statusCode).toBe(403);
    }
    expect((await app.inject({ url: '/', headers: { host: 'evil.example:80' } })).statusCode).toBe(403);
    expect(dashboard.asked).toEqual([]);
    const host = 'localhost:8900';
    for (const ours of [
      { host },
      { host, origin: `http://${host}` },
      { host, origin: 'null', 'sec-fetch-site': 'same-origin' },
    ]) {
      expect((await post('/horloge', { pas: 'year' }, ours)).statusCode).toBe(303);
    }
  });

  it('are not followed by a GET, nor by an unknown step', async () => {
    expect((await app.inject('/horloge?pas=year')).statusCode).toBe(404);
    expect((await post('/horloge', { pas: 'century' })).statusCode).toBe(400);
    expect((await app.inject({ method: 'POST', url: '/horloge', payload: { pas: 'year' } })).statusCode).toBe(
      303,
    );
    expect(dashboard.asked).toEqual([]);
  });
});
