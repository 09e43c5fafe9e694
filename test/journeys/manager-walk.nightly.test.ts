// The walk of a town hall's secretary, with the real parts: every accident, every return and every answer that her page takes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, waitFor } from '../rig/process.ts';
import { openScene, type Scene, WALKS } from './manager-walk-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(['stumbles', 'chooses', 'early', 'unheard', 'returns', 'waits']);
});
afterAll(async () => {
  await scene?.close();
  await endAll();
});

const START = /^Renouveler le mot de passe du compte technique$/;
const STEPS = /^Réinitialiser sur le portail$/;
const PASTE = /^Coller le nouveau mot de passe$/;
const ANOTHER = /^Remettre un autre mot de passe$/;
const CHOICE = /^Une vérification de votre part est nécessaire$/;
const NOT_SUBMITTED = /^L'ancien mot de passe fonctionne toujours : il reste à cliquer sur « Soumettre »$/;
const DONE = /^C'est fait : le nouveau mot de passe est vérifié, le connecteur l'utilise$/;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const later = ({ clock }: Scene['world'], minutes: number) =>
  clock.set(clock.now().add({ minutes, seconds: 1 }).toString());

describe.each(WALKS)('$width pixels, scripts: $scripts', (walk) => {
  it('what cannot be the password is named and costs nothing; an odd date is asked for afterwards', async () => {
    const manager = await scene.manager('stumbles', walk);
    const { sees, press, pressAnyway, follow, paste, page, login, quietly } = manager;
    const other = await scene.manager('chooses', walk);
    const { accounts } = scene.world.simulator;
    const former = accounts.passwordOf(manager);
    await quietly(async () => {
      await sees(START);
      await press(/^C’est noté, je commence$/);
      await sees(START);
      await pressAnyway(/^C’est noté, je commence$/);
      await sees(START, /Cochez cette case, puis appuyez sur le bouton\. Rien n'a été changé\./);
      await follow(/^J’ai déjà le nouveau mot de passe/);
      await sees(PASTE);
      await press(/^Remettre le mot de passe$/);
      await sees(PASTE);
      await follow(/^Je ne l’ai pas encore/);
      await sees(START);
      const wrong: readonly (readonly [string, RegExp])[] = [
        ['', /Le champ était vide/],
        [login, /C'est l'identifiant du compte qui a été collé/],
        ['12/03/2028', /c'est une date/],
        ['mairie@commune.test', /c'est une adresse électronique/],
        ['https://portail.chorus-pro.gouv.fr/', /c'est l'adresse d'une page/],
        ['21900017300014', /c'est un numéro SIREN ou SIRET/],
        ['••••••••••••', /les signes qui cachent le mot de passe/],
        ['motdepasse', /Ce n'est que l'intitulé/],
        [base64(`${other.login}:kK2(made_Up[9`), /n'est pas celui du compte concerné/],
        [accounts.passwordOf(other), new RegExp(`gestionnaire : .*${other.login}`)],
      ];
      for (const [typed, said] of wrong) {
        await paste(typed);
        await sees(PASTE, said);
      }
      await paste('kK2(made_Up[9', { login: other.login });
      await sees(PASTE, /n'est pas celui du compte concerné par cette page/);
    });
    const { calls } = manager.deeds();
    await paste(former);
    await sees(PASTE, /déjà celui que le connecteur utilise/);
    expect(manager.deeds().calls).toBe(calls);
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    await paste(shown.password, { login, expiry: '12/13/2028' });
    await sees(DONE, /La date d'expiration, si vous l'avez encore sous les yeux/);
    await pressAnyway(/^Donner la date$/);
    await sees(DONE, /Cette date n'est pas comprise/);
    await page.getByLabel('Date d’expiration affichée').fill('12/03/2020');
    await press(/^Donner la date$/);
    await sees(/^Merci : le service informatique va regarder cette date$/);
    await follow(/^Corriger cette date$/);
    await sees(DONE);
    await page.getByLabel('Date d’expiration affichée').fill('01/03/2028');
    await press(/^Donner la date$/);
    await sees(DONE, /Il expire le mercredi 1er mars 2028, d'après le portail/);
    expect(manager.deeds().calls).toBe(calls + 1);
  });

  it('what is not clear is a choice with its counts, once for each time; nobody is asked before', async () => {
    const manager = await scene.manager('chooses', walk);
    const { sees, pressAnyway, paste, page, login, open, quietly } = manager;
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    const { password } = shown;
    const { length } = password;
    const { calls } = manager.deeds();
    const counted = (typed: number) =>
      new RegExp(`${length} caractères après correction \\(${typed} collés\\)`);
    const unclear: readonly (readonly [string, RegExp])[] = [
      [password.slice(0, 7), /Nombre de caractères : 7, alors que le portail en affiche 12 à 14/],
      [`\t ${password} `, counted(length + 3)],
      [`“${password}”`, /guillemets ou des apostrophes typographiques/],
      [password + password, counted(2 * length)],
      [base64(`${login}:${password}`), counted(base64(`${login}:${password}`).length)],
      [
        `Identifiant : ${login}\nMot de passe : ${password}`,
        /contient l'identifiant et le mot de passe ensemble/,
      ],
    ];
    for (const [typed, said] of unclear) {
      await paste(typed);
      await sees(CHOICE, said);
    }
    await quietly(async () => {
      await pressAnyway(/^Confirmer ce choix$/);
      await sees(CHOICE, /Choisissez d'abord, puis appuyez sur le bouton/);
      await page.reload();
      await open();
      await sees(CHOICE);
    });
    await manager.robot();
    await open();
    expect(manager.deeds().calls).toBe(calls);
    await page.getByLabel('Le mot de passe corrigé').check();
    await pressAnyway(/^Confirmer ce choix$/);
    await sees(DONE);
    expect(manager.deeds().calls).toBe(calls + 1);
    later(scene.world, 11);
    await open();
    await sees(DONE, /Si vous avez réinitialisé le mot de passe encore une fois depuis, appelez-nous/);
  });

  it('pasted before « Soumettre »: told so; the button, or the same again, and it is done within seconds', async () => {
    const early = await scene.manager('early', walk);
    const shown = scene.shownAtPortal(early);
    await early.paste(shown.password);
    await early.sees(NOT_SUBMITTED);
    await early.quietly(async () => {
      await early.page.reload();
      await early.sees(NOT_SUBMITTED);
      await early.follow(/^Revoir les étapes/);
      await early.sees(STEPS);
      await early.follow(/^Revenir au mot de passe déjà reçu/);
      await early.follow(/^Remettre un autre mot de passe/);
      await early.sees(ANOTHER);
      await early.follow(/^Revenir au mot de passe déjà reçu/);
      await early.sees(NOT_SUBMITTED);
    });
    shown.submit();
    await early.paste(shown.password);
    await early.sees(DONE);

    // Nothing is known of the former one.
    const unheard = await scene.manager('unheard', walk);
    const unknown = scene.shownAtPortal(unheard);
    await unheard.paste(unknown.password);
    await unheard.sees(/^Chorus Pro n'accepte pas encore ce mot de passe$/, /Prochaine vérification/);
    unknown.submit();
    // The page waits for the answer for eight seconds at most.
    await unheard.press(/^J’ai cliqué sur « Soumettre » : vérifier maintenant$/);
    await unheard.sees(DONE);
  });

  it('back, reload and a second tab lose nothing and do nothing twice', async () => {
    const manager = await scene.manager('returns', walk);
    const { sees, follow, page, quietly, link } = manager;
    await quietly(async () => {
      await page.reload();
      await sees(START);
      await follow(/^J’ai déjà/);
      await sees(PASTE);
      await page.goBack();
      await sees(START);
    });
    const { trail, calls } = manager.deeds();
    await page.getByLabel('Je vais').check();
    await manager.press(/^C’est noté, je commence$/);
    await sees(STEPS, /C'est noté : le connecteur attend/);
    expect(manager.isHeld()).toBe(true);
    const tab = await page.context().newPage();
    await quietly(async () => {
      await page.reload();
      await sees(STEPS, /C'est noté : le connecteur attend/);
      await follow(/^C’est fait sur le portail/);
      await sees(PASTE);
      await page.reload();
      await page.goBack();
      await sees(STEPS);
      await page.goForward();
      await sees(PASTE);
      await tab.goto(`${link}?vue=formulaire`);
    });
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    await manager.paste(` ${shown.password}`);
    await sees(CHOICE);
    await quietly(async () => {
      await page.reload();
      await page.goBack();
      await page.goForward();
      await sees(CHOICE);
    });
    await page.getByLabel('Le mot de passe corrigé').check();
    await manager.press(/^Confirmer ce choix$/);
    await sees(DONE);
    await waitFor(
      () => (manager.isHeld() ? null : true),
      () => 'the connector still holds',
    );
    await quietly(async () => {
      await page.reload();
      await sees(DONE);
      await page.goBack();
      await page.reload();
      await sees(DONE);
      // The field of the other tab is from before.
      await tab.locator('#password').fill(shown.password);
      await tab.getByRole('button', { name: 'Remettre le mot de passe' }).click();
      expect(await tab.locator('h1').textContent()).toContain('C’est fait');
    });
    expect(manager.deeds().calls).toBe(calls + 1);
    const did = manager.deeds().trail.slice(trail.length);
    expect(did.filter((line) => line.startsWith('announced'))).toHaveLength(1);
    expect(did.filter((line) => line.startsWith('received'))).toEqual(['received, unclear', 'received']);
  });

  it('Chorus Pro away: the password waits, whoever comes back finds it so, and then done', async () => {
    const manager = await scene.manager('waits', walk);
    const { sees, page, open, quietly } = manager;
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    const restore = scene.world.simulator.faults.add({
      fault: { kind: 'maintenance' },
      login: manager.login,
    });
    await manager.paste(shown.password);
    const AWAY = /^Mot de passe reçu ; Chorus Pro ne répond pas pour le moment$/;
    await sees(AWAY, /Prochaine vérification/);
    await quietly(async () => {
      await page.reload();
      await open();
      await sees(AWAY, /vous n'avez rien à faire/);
    });
    restore();
    later(scene.world, 1);
    await waitFor(
      () => (scene.world.sinkContent(manager.login) === null ? null : true),
      () => 'it was not published',
    );
    await open();
    await sees(DONE);
  });
});
