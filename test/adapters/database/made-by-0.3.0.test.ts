// A database of 0.3.0, killed in the middle of its work: today's daemon opens it, and everything ends as it should.
// The dump is of SQLite; PostgreSQL runs the same migrations, and the suites of the database test both engines.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from '../../rig/installation.ts';
import { endAll } from '../../rig/process.ts';
import {
  contentOf,
  LINKS,
  type Opened,
  openMadeBy030,
  PASSWORDS,
  type Row,
  TOKEN,
  TOWNS,
  type Town,
} from './made-by-0.3.0-setup.ts';

/** The version of each town's password in service at the end; the others have none. */
const IN_SERVICE: Partial<Record<Town, number>> = {
  ...{ Amance: 3, Beure: 3, Cussey: 2, Dole: 3 },
  ...{ Étalans: 2, Frasne: 3, Igny: 2, Jussey: 3 },
};
const IT_SERVICE = 'it@siagep.test';

let opened: Opened;

const idOf = (town: Town) => TOWNS.indexOf(town) + 1;
const rowsFor = (table: string, town: Town) =>
  opened.rows(table).filter((row) => row.technical_user_id === idOf(town));
/** Subjects in the order of arrival, with plain spaces instead of non-breaking ones. */
const subjectsFor = async (address: string) =>
  (await opened.mail.letters(address)).map(({ subject }) => subject.replaceAll(/\s/g, ' '));

/** The rotations of a town as `stage standing version`, the one in service first. */
const waysOf = (town: Town) =>
  rowsFor('rotations', town)
    .map(({ stage, standing, version }) => `${stage} ${standing} ${version ?? '-'}`)
    .sort((a, b) => Number(b.includes('current')) - Number(a.includes('current')));

const isInService = (town: Town) =>
  waysOf(town).some((way) => way === `published current ${IN_SERVICE[town]}`);

/** Whether both passwords of a town were refused, and the next check is in about an hour. */
const hasNextRound = (town: Town) =>
  rowsFor('rotations', town).some(
    (row) =>
      row.both_refused_since !== null &&
      row.lease === null &&
      Number(row.next_try_at) > opened.clock.now().add({ minutes: 30 }).epochMilliseconds,
  );

/** Whether nothing is waiting: no letter, no alarm, no sink, no hold. */
function isIdle(): boolean {
  const { rows } = opened;
  return (
    rows('deliveries').every(({ state }) => state !== 'waiting' && state !== 'claimed') &&
    rows('alarms').every(({ letter_id }) => letter_id !== null) &&
    rows('publications').every(({ stage }) => stage !== 'due' && stage !== 'claimed') &&
    rows('holds').every(({ wanted, applied }) => wanted === applied)
  );
}

const handIn = async (link: string, town: Town) => {
  const fields = { password: PASSWORDS[town].today, login: '', expiry: '' };
  expect((await opened.postForm(link, fields)).text).toContain('le connecteur l’utilise');
};

beforeAll(async () => {
  opened = await openMadeBy030();
  const { until, postForm, doorUrl, mail, user, clock } = opened;
  const link = (town: keyof typeof LINKS) => `${doorUrl}/m/${LINKS[town]}`;
  await opened.resume();

  // Unfinished work goes on without help.
  for (const town of ['Amance', 'Cussey'] as const) {
    await until(`${town} is not in service`, () => isInService(town));
  }
  // Managers act: with links in letters of 0.3.0, and in the letter that it could no longer send.
  await handIn(link('Étalans'), 'Étalans');
  await postForm(link('Igny'), { choice: 'clean' }, { path: '/choix' });
  await handIn(await mail.linkFor(user('Frasne').manager, user('Frasne').login, doorUrl), 'Frasne');

  // An hour later announcements are over, and refused passwords are checked again.
  clock.set('2027-03-01T11:20:00+01:00');
  await until('L’Hôpital is still announced', () => waysOf('L’Hôpital')[0]?.startsWith('withdrawn') === true);
  await until('Beure is not in service', () => isInService('Beure'));
  await until('Jussey does not wait for its next round', () => hasNextRound('Jussey'));
  await handIn(link('Jussey'), 'Jussey');
  // Good news waits a quarter of an hour for more of it.
  clock.set('2027-03-01T11:40:00+01:00');
  await until('something still waits', isIdle);
}, 300_000);
afterAll(async () => {
  await endAll();
  await opened?.stop();
});

describe('a database that 0.3.0 left in the middle of its work', () => {
  it('gets the tables and columns of one that is created today', async () => {
    const csv = join(opened.path, 'one.csv');
    writeFileSync(csv, csvOf([opened.user('Amance')]));
    const data = join(opened.path, 'fresh');
    expect(await opened.run(['import', csv], '', { RELEVE_DATA: data })).toMatchObject({ code: 0 });
    const old = join(opened.data, 'releve.sqlite');
    expect(schemaOf(old)).toEqual(schemaOf(join(data, 'releve.sqlite')));
    expect(opened.before.meta).toContain('{"key":"version","value":"3"}');
  });

  it('brings each password into service, and keeps the former one', async () => {
    const kept = (town: Town) => `closed previous ${(IN_SERVICE[town] ?? 0) - 1}`;
    for (const town of ['Amance', 'Beure', 'Dole', 'Frasne'] as const) {
      expect([town, waysOf(town)]).toEqual([town, [`published current ${IN_SERVICE[town]}`, kept(town)]]);
    }
    for (const town of ['Cussey', 'Étalans'] as const) {
      expect([town, waysOf(town)]).toEqual([town, ['published current 2']]);
    }
    expect(waysOf('Igny')).toEqual(['published current 2', 'superseded none -']);
    expect(waysOf('Jussey').toSorted()).toEqual([
      'closed previous 2',
      'published current 3',
      'superseded none -',
    ]);
    expect(waysOf('L’Hôpital')).toEqual(['withdrawn none -']);
    expect(waysOf('Gray')).toEqual([]);
    const proven = opened.rows('rotations').filter(({ standing }) => standing === 'current');
    expect(proven.map((row) => row.proven)).toEqual(proven.map(() => 'chorus-pro'));
    const shown = JSON.parse((await opened.run(['show', opened.user('Amance').login, '--json'])).stdout);
    expect(shown.users[0].handovers).toMatchObject({
      inService: 3,
      sinks: [
        { sink: 'archive', state: 'holds it' },
        { sink: 'connector', state: 'holds it' },
      ],
    });
  });

  it('has the right password in every sink, and its hook was run for what 0.3.0 had not finished', () => {
    for (const town of TOWNS) {
      const version = IN_SERVICE[town];
      for (const sink of ['connector', 'archive'] as const) {
        const wanted =
          version === undefined ? null : contentOf(sink, opened.user(town), PASSWORDS[town].today, version);
        expect([town, sink, opened.inSink(sink, town)]).toEqual([town, sink, wanted]);
      }
    }
    // Dole was finished before.
    const changed = TOWNS.filter((town) => IN_SERVICE[town] !== undefined && town !== 'Dole');
    const wanted = changed.map((town) => `${opened.user(town).login} ${IN_SERVICE[town]}`);
    expect(opened.hooks().toSorted()).toEqual(wanted.toSorted());
  });

  it('lets every connector go on', () => {
    expect(opened.holdFiles()).toEqual([]);
    const holds = opened.rows('holds').map(({ wanted, applied }) => [wanted, applied]);
    expect(holds).toEqual(Array.from({ length: 5 }, () => [0, 0]));
  });

  it('sends each letter that waited once, and none again that was sent or refused', async () => {
    const confirmed = (town: Town) =>
      `Chorus Pro : nouveau mot de passe vérifié, plus rien à faire – ${town}`;
    for (const town of TOWNS) {
      const subjects = await subjectsFor(opened.user(town).manager);
      const wanted = IN_SERVICE[town] === undefined ? [] : [confirmed(town)];
      const first = town === 'Frasne' ? [expect.stringMatching(/arrêtée.*Frasne/)] : [];
      expect([town, subjects]).toEqual([town, [...first, ...wanted]]);
    }
    const toIt = await subjectsFor(IT_SERVICE);
    for (const once of [
      /renouvelé : Dole$/,
      /refusé – Frasne$/,
      // Alarms of the same minute may come in one letter.
      /(?:sans suite – |alertes à traiter – .*)L’Hôpital$/,
      /(?:aussi –|alertes à traiter –) Jussey(?: et L’Hôpital)?$/,
    ]) {
      expect([once, toIt.filter((subject) => once.test(subject)).length]).toEqual([once, 1]);
    }
    const settled = keyed(parsed(opened.before.deliveries).filter(({ state }) => isSettled(state)));
    const now = keyed(opened.rows('deliveries'));
    for (const [id, row] of settled) expect(now.get(id)).toEqual(row);
    const sentToIt = [...now].filter(([id, row]) => row.address === IT_SERVICE && !settled.has(id));
    expect(toIt).toHaveLength(sentToIt.length);
    expect([...now.values()].every(({ state }) => isSettled(state))).toBe(true);
  });

  it('loses nothing that 0.3.0 stored: the trail goes on from its last line, every sealed password opens', async () => {
    for (const table of [
      'audit',
      'events',
      'letters',
      'letter_items',
      'tools',
      'structures',
      'mandates',
    ] as const) {
      const before = opened.before[table] ?? [];
      // Columns that came later are left aside.
      const columns = Object.keys(JSON.parse(before[0] ?? '{}') as Row);
      const now = new Set(opened.rows(table).map((row) => JSON.stringify(row, columns)));
      expect([table, before.filter((row) => !now.has(row))]).toEqual([table, []]);
    }
    for (const table of ['rotations', 'attempts', 'credentials', 'alarms', 'links'] as const) {
      const key = (row: Row) => row.id ?? row.hash;
      const now = new Set(opened.rows(table).map(key));
      expect([table, parsed(opened.before[table]).filter((row) => !now.has(key(row)))]).toEqual([table, []]);
    }
    const verified = await opened.run(['audit', 'verify']);
    const made = opened.before.audit?.length;
    expect(verified.stdout).toContain(
      `Lines 1 to ${made} were written without a key, sealed by line ${Number(made) + 1}.`,
    );
    expect(verified.stdout).not.toContain('not sealed yet');
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(new RegExp(`^${opened.rows('audit').length} line`));
    // Only the password that Igny had pasted and the one that Jussey had mistyped were destroyed.
    const destroyed = opened.rows('credentials').filter((row) => row.destroyed_at !== null);
    expect(destroyed.map((row) => row.technical_user_id).sort()).toEqual(
      [idOf('Jussey'), idOf('Igny')].sort(),
    );
    expect(await opened.run(['key', 'check'])).toMatchObject({ code: 0, stdout: '14 secret(s) opened.\n' });
  });

  it('finds nothing to do when it is opened again', async () => {
    await opened.halt();
    const left = () => [...['deliveries', 'rotations', 'holds', 'alarms'].map(opened.rows), opened.hooks()];
    const before = left();
    await opened.resume();
    expect(await opened.run(['remind'])).toMatchObject({ code: 0 });
    expect(left()).toEqual(before);
  });

  it('accepts the token that 0.3.0 created, and knows that a link was used', async () => {
    const { login } = opened.user('Amance');
    const adopted = await opened.postTool(TOKEN, { login, version: 3 }, '/v1/adoptions');
    expect(adopted).toMatchObject({ status: 200 });
    await opened.until('it is not closed', () => waysOf('Amance')[0] === 'closed current 3');
    const page = await opened.request(`${opened.doorUrl}/m/${LINKS.Amance}`);
    expect(page.text).toContain('C’est fait');
  });
});

const isSettled = (state: unknown) => state === 'sent' || state === 'refused';
const parsed = (rows: readonly string[] = []) => rows.map((row) => JSON.parse(row) as Row);
const keyed = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));

/** Tables and indexes as they were made, column by column. */
function schemaOf(file: string): readonly unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('select type, name, sql from sqlite_schema order by type, name').all();
  } finally {
    database.close();
  }
}
