// What a manager says under the link of a letter without a password, with the real parts: the five answers, and a date alone; the first
// password of a new account; and links that lead nowhere.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, waitFor } from '../rig/process.ts';
import type { Manager } from './manager-at-page.ts';
import { openScene, type Scene, WALKS } from './manager-walk-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(['answers', 'works', 'dead', 'silent', 'date', 'first']);
});
afterAll(async () => {
  await scene?.close();
  await endAll();
});

const DONE = /^C'est fait : le nouveau mot de passe est vérifié, le connecteur l'utilise$/;
const ANSWER = /^Répondre sans mot de passe$/;

async function answer({ page, open, pressAnyway }: Manager, kind: string, detail = ''): Promise<void> {
  if ((await page.getByLabel(kind).count()) === 0) await open('?vue=repondre');
  const option = page.locator('.option', { has: page.getByLabel(kind) });
  await option.getByRole('radio').check();
  const typed = option.locator('input[type=text]');
  if ((await typed.count()) > 0) await typed.fill(detail);
  await pressAnyway(/^Envoyer ma réponse$/);
}

/** What waits for a person about an account, as an agent lists it. */
async function tasksAbout({ login }: Manager) {
  const { code, stdout, stderr } = await scene.world.run(['task', 'list', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const all: readonly Record<'login' | 'kind' | 'day' | 'text', string | null>[] = JSON.parse(stdout);
  return all.filter((one) => one.login === login).map(({ kind, day, text }) => ({ kind, day, text }));
}

describe.each(WALKS)('$width pixels, scripts: $scripts', (walk) => {
  it('an answer says what is wrong with it, is a line of the trail and a task, and stays what it was', async () => {
    const manager = await scene.manager('answers', walk);
    const { sees, follow, press, pressAnyway, page, open, quietly } = manager;
    await quietly(async () => {
      await follow(/^Je ne peux pas maintenant/);
      await sees(ANSWER);
      await press(/^Envoyer ma réponse$/);
      await sees(ANSWER);
      await pressAnyway(/^Envoyer ma réponse$/);
      await sees(ANSWER, /Choisissez d'abord une réponse/);
      const wrong = [
        ['Je le ferai plus tard', '01/02/2027', /Ce jour est passé/],
        ['Je le ferai plus tard', 'bientôt', /Indiquez le jour, comme/],
        ['Je m’absente', '01/06/2030', /dans plus d'un an/],
        ['Je ne suis plus gestionnaire principal', ' ', /Indiquez qui est désormais gestionnaire/],
        ['Rappelez-moi', 'au 03 84 00 00 01, kK2(made_Up[9z', /Cela ressemble à un mot de passe/],
      ] as const;
      for (const [kind, detail, said] of wrong) {
        await answer(manager, kind, detail);
        await sees(ANSWER, said);
      }
      await follow(/^Revenir sans répondre$/);
      await sees(/^Renouveler le mot de passe/);
    });
    const given = [
      ['will-do', 'Je le ferai plus tard', '08/03/2027', /vous le ferez le lundi 8 mars 2027$/, '2027-03-08'],
      [
        'away',
        'Je m’absente',
        '12 mars 2027',
        /^C'est noté : absence jusqu'au vendredi 12 mars 2027$/,
        '2027-03-12',
      ],
      [
        'successor',
        'Je ne suis plus gestionnaire',
        'Mme Durand, mairie',
        /le service informatique s'en occupe$/,
        null,
      ],
      ['call-back', 'Rappelez-moi', 'au 03 84 00 00 01, le matin', /vous rappellera$/, null],
    ] as const;
    for (const [place, [kind, label, detail, title, day]] of given.entries()) {
      await answer(manager, label, detail);
      await sees(title);
      await quietly(async () => {
        await page.reload();
        await sees(title, /Réponse reçue/);
      });
      const { trail } = manager.deeds();
      expect(trail.filter((line) => line.startsWith('answered'))).toHaveLength(place + 1);
      expect(trail.at(-1)).toBe(`answered ${kind}${day === null ? '' : ` ${day}`}`);
    }
    const said = given.map(([kind, _label, detail, _title, day]) => ({
      ...{ kind, day },
      text: day === null ? detail : null,
    }));
    // Its password was enrolled, and the sink does not hold it: that waits for a person too.
    expect(await tasksAbout(manager)).toEqual([{ kind: 'sink-left', day: null, text: 'connector' }, ...said]);
    await manager.robot();
    await open();
    await follow(/^Commencer maintenant$/);
    await sees(/^Renouveler le mot de passe/);
  });

  it('« c’est déjà fait », but the old password works: told so', async () => {
    const manager = await scene.manager('works', walk);
    const { calls } = manager.deeds();
    await answer(manager, 'C’est déjà fait');
    await manager.sees(/^L'ancien mot de passe fonctionne toujours$/, /sans doute pas été soumise/);
    expect(manager.deeds().calls).toBe(calls + 1);
    await manager.robot();
  });

  it('« c’est déjà fait », and Chorus Pro refuses the old one: the connector holds, the new one is asked for', async () => {
    const manager = await scene.manager('dead', walk);
    const { sees, open, paste, page } = manager;
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    await answer(manager, 'C’est déjà fait');
    await sees(/^Coller le nouveau mot de passe$/, /Chorus Pro refuse l'ancien mot de passe/);
    expect(manager.isHeld()).toBe(true);
    expect(await tasksAbout(manager)).toContainEqual({ kind: 'done-already', day: null, text: null });
    await manager.quietly(async () => {
      await page.reload();
      await open();
      await sees(/^Coller le nouveau mot de passe$/);
    });
    await manager.robot();
    await paste(shown.password);
    await sees(DONE);
    await waitFor(
      () => (manager.isHeld() ? null : true),
      () => 'the connector still holds',
    );
    expect(await tasksAbout(manager)).toEqual([]);
  });

  it('« c’est déjà fait », and Chorus Pro does not answer: told so', async () => {
    const manager = await scene.manager('silent', walk);
    const restore = scene.world.simulator.faults.add({
      fault: { kind: 'maintenance' },
      login: manager.login,
    });
    await answer(manager, 'C’est déjà fait');
    await manager.sees(/^C'est noté ; Chorus Pro n'a pas encore répondu$/);
    expect(await manager.page.locator('.state.wait').count()).toBe(1);
    await manager.robot();
    restore();
  });

  it('a date alone, where it is not known: an odd one is not understood, one that cannot be is looked at, the right one is taken', async () => {
    const manager = await scene.manager('date', walk);
    const { sees, page, pressAnyway, open } = manager;
    const DATE = /^Quelle date d'expiration le portail affiche-t-il \?$/;
    const give = async (typed: string) => {
      await page.getByLabel('Date d’expiration affichée').fill(typed);
      await pressAnyway(/^Donner la date$/);
    };
    await sees(DATE);
    await manager.quietly(async () => {
      await give('');
      await sees(DATE, /Cette date n'est pas comprise/);
      await give('12/13/2028');
      await sees(DATE, /Cette date n'est pas comprise/);
    });
    await give('12/03/2020');
    await sees(/^Merci : le service informatique va regarder cette date$/);
    expect(await tasksAbout(manager)).toEqual([{ kind: 'date', day: '2020-03-12', text: null }]);
    await manager.robot();
    await open();
    await give('12/02/2028');
    await sees(
      /^Merci : la date est enregistrée$/,
      /Il expire le samedi 12 février 2028, d'après le portail/,
    );
    expect(manager.deeds().trail).toContain('expiry given 2028-02-12');
    await manager.quietly(async () => {
      await page.reload();
      await open();
      await sees(/^Renouveler le mot de passe/);
    });
    expect(await tasksAbout(manager)).toEqual([]);
  });

  it('the first password of a new account: the page says so, and the connector has it', async () => {
    const manager = await scene.manager('first', walk);
    const { sees, page, press, follow, paste } = manager;
    await sees(/^Créer le compte technique et remettre son premier mot de passe$/);
    await manager.robot();
    await manager.open();
    await page.getByLabel('Je vais créer').check();
    await press(/^C’est noté, je commence$/);
    await sees(/^Créer le compte technique sur le portail$/);
    await follow(/^C’est fait sur le portail/);
    await sees(/^Coller le premier mot de passe$/);
    const shown = scene.shownAtPortal(manager);
    shown.submit();
    await paste(shown.password);
    await sees(DONE);
    expect(scene.world.sinkContent(manager.login)).toMatchObject({ password: shown.password });
  });

  it('a cut link, one that is not known, one that was used: each says what to do', async () => {
    const { page, link, sees } = await scene.manager('first', walk);
    await sees(DONE);
    for (const wrong of [link.slice(0, -4), link.replace(/.{43}$/, 'x'.repeat(43))]) {
      await page.goto(wrong);
      await sees(/^Ce lien n'est pas reconnu$/, /Certaines messageries coupent les adresses longues/);
    }
  });
});

it('a link that is too old says that there is a newer one', async () => {
  const { clock } = scene.world;
  const managers = await Promise.all(WALKS.map((walk) => scene.manager('works', walk)));
  clock.set(
    clock
      .now()
      .add({ hours: 24 * 121 })
      .toString(),
  );
  for (const manager of managers) {
    await manager.open();
    await manager.sees(/^Ce lien n'est plus valable$/, /demandez-nous-en un nouveau/);
  }
});
