// The passwords that connectors use already: they come into service as they are, and nothing that is known of an account changes.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runPublish } from '../../../src/cli/connectors/publish.ts';
import { type EnrolOptions, runEnrol } from '../../../src/cli/rotation/enrol.ts';
import { handoverText } from '../../../src/cli/rotation/rotation-section.ts';
import { NO_CHECK } from '../../../src/domain/monitoring/next-check.ts';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { announce } from '../../../src/domain/rotation/receive.ts';
import { currentRotation } from '../../../src/domain/rotation/rotation.ts';
import { progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { MINUTE } from '../../fakes/clock.ts';
import { rotationRules } from '../../fakes/rules.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { loginOf, passwordOf } from '../../rig/world-fleet.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { type OperatorSettings, type OperatorWorld, openOperatorWorld } from '../operator.ts';

const GOOD = 'aB3(dE5_gH7[';
const OTHER = 'zY9_xW7(vU5!';

let world: OperatorWorld;
const open = async (settings: OperatorSettings = {}) => {
  await world?.database.close();
  world = await openOperatorWorld(settings);
};
beforeEach(() => open());
afterEach(() => world.database.close());

const enrol = (password: string, options: EnrolOptions = {}) => {
  world.types(password);
  return world.run(() => runEnrol(LOGIN, options, world.context, world.io));
};
const enrolList = async (list: string, options: EnrolOptions = {}) => {
  world.pipes(list);
  const { out, ...ended } = await world.run(() =>
    runEnrol(undefined, { json: true, ...options }, world.context, world.io),
  );
  return { ...ended, out, ...(out.startsWith('{') ? JSON.parse(out) : {}) };
};
const outcomes = (report: { readonly lines: readonly { readonly outcome: string }[] }) =>
  report.lines.map(({ outcome }) => outcome);
const rowsOf = (table: 'tasks' | 'letters' | 'alarms' | 'events' | 'links' | 'credentials' | 'attempts') =>
  world.database.db.selectFrom(table).selectAll().execute();
const trail = async () => {
  const lines = [];
  for await (const { what, detail, check } of world.audit.lines()) lines.push({ what, detail, check });
  return lines;
};
/** All that the ladder and the letters go by. */
const known = async () => ({
  users: await world.database.db.selectFrom('technical_users').selectAll().orderBy('id').execute(),
  ...{ letters: await rowsOf('letters'), alarms: await rowsOf('alarms') },
  ...{ links: await rowsOf('links'), events: await rowsOf('events'), tasks: await rowsOf('tasks') },
});
/** So many accounts whose connectors hold their passwords already. */
const openFleet = async (count: number, settings: OperatorSettings = {}) => {
  const users = Array.from({ length: count }, (_, nth) => ({
    ...{ login: loginOf(nth), siret: String(21_900_012_000_000 + nth) },
    ...{ changedOn: '2026-04-01', manager: `maire${nth}@example.test` },
  }));
  await open({ users, ...settings });
  for (const [nth, { login }] of users.entries()) {
    world.chorus.alive.set(login, passwordOf(nth));
    world.sinks[0]?.held.set(login, passwordOf(nth));
  }
};
const line = (nth: number, password = passwordOf(nth)) => JSON.stringify({ login: loginOf(nth), password });
const lines = (count: number) => Array.from({ length: count }, (_, nth) => line(nth)).join('\n');

describe('a password that its connector uses', () => {
  beforeEach(() => {
    world.chorus.alive.set(LOGIN, GOOD);
    for (const { held } of world.sinks) held.set(LOGIN, GOOD);
  });

  test('is in service, and nothing else changes: no letter, no version, no date, no write, no hook', async () => {
    const before = await known();
    const ended = await enrol(GOOD);
    expect(ended).toEqual({
      exit: 0,
      said: '',
      out:
        'line  login                          environment  result\n' +
        `1     ${LOGIN}  production   enrolled\n\n` +
        'Every sink holds what is in service.\n\n' +
        '1 of 1 in service. No letter was written; versions, dates and links are as they were.\n',
    });
    expect(await known()).toEqual(before);
    expect(world.asked).toEqual([`Password that the connector of ${LOGIN} uses (it is not shown): `]);
    expect(world.asides[0]).toMatch(/^Destroy now .* history of the shell/s);
    const current = currentRotation(await world.aggregate());
    expect(current).toMatchObject({
      ...{ stage: 'closed', standing: 'current', proven: 'chorus-pro', version: 1, channel: 'command' },
      ...{ changedOn: '2026-03-01', portalOn: null, by: 'agent' },
    });
    expect((await world.aggregate()).health).toMatchObject({
      rotationId: current?.id,
      workedAt: world.now(),
    });
    expect(await trail()).toEqual([
      {
        what: 'enrolled',
        detail: 'file: same, keyring: same',
        check: 'recuperer/structures/actives/destinataire',
      },
    ]);
    await world.advance();
    await world.later(MINUTE);
    await world.advanceAll();
    expect(await known()).toEqual(before);
    expect(
      world.sinks.map(({ writes, hooks, holding }) => [writes.length, hooks.length, holding.size]),
    ).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('is probed from the next night on', async () => {
    await enrol(GOOD);
    const { nextAt = 0 } = (await world.aggregate()).health ?? {};
    expect(nextAt).toBeGreaterThan(world.now());
    expect(nextAt).toBeLessThan(world.now() + 36 * 60 * MINUTE);
    expect(await world.context.operatorActions.inService()).toEqual([world.id]);
  });

  test('enrolled again is in service already, and nobody is asked', async () => {
    await enrol(GOOD);
    const before = await known();
    const again = await enrol(GOOD);
    expect(again).toMatchObject({ exit: 0, out: expect.stringContaining('in service already') });
    expect(world.chorus.answers).toHaveLength(1);
    expect(await known()).toEqual(before);
  });

  test('but another one is in service: that is a renewal, and nobody is asked', async () => {
    await enrol(GOOD);
    world.chorus.alive.set(LOGIN, OTHER);
    const ended = await enrol(OTHER);
    expect(ended).toMatchObject({ exit: 1, out: expect.stringContaining('releve submit LOGIN') });
    expect(world.chorus.answers).toHaveLength(1);
    expect(currentRotation(await world.aggregate())?.version).toBe(1);
  });

  test('is renewed afterwards as any other: version 2, a letter, links spent', async () => {
    await enrol(GOOD);
    world.chorus.alive.set(LOGIN, OTHER);
    await world.handIn(OTHER);
    expect((await world.user()).version).toBe(2);
    expect((await rowsOf('letters')).map(({ kind }) => kind)).toEqual(['confirmation']);
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(OTHER);
    expect(await world.submit(GOOD)).toEqual({ kind: 'known', as: 'former' });
  });

  test('that is refused since is told so: exit 1', async () => {
    await enrol(GOOD);
    await world.stops();
    expect(await enrol(GOOD)).toMatchObject({ exit: 1, out: expect.stringContaining('refused since') });
  });

  test('whose reset is announced is named and not touched', async () => {
    const actor = { channel: 'form', by: 'her' } as const;
    await world.ports.rotations.update(world.id, (aggregate) =>
      announce(aggregate, { actor, id: 'announced' }, world.rules, world.now()),
    );
    const before = await world.aggregate();
    expect(await enrol(GOOD)).toMatchObject({ exit: 1, out: expect.stringContaining('rotation under way') });
    expect(await world.aggregate()).toEqual(before);
    expect(world.chorus.answers).toEqual([]);
  });

  test('whose reset is announced while it is asked about is not put into service', async () => {
    const actor = { channel: 'form', by: 'her' } as const;
    const { verify } = world.chorus;
    world.ports.verifier.verify = async (...check) => {
      await world.ports.rotations.update(world.id, (aggregate) =>
        announce(aggregate, { actor, id: 'announced' }, world.rules, world.now()),
      );
      return verify(...check);
    };
    expect(await enrol(GOOD)).toMatchObject({ exit: 1, out: expect.stringContaining('rotation under way') });
    expect(currentRotation(await world.aggregate())).toBeNull();
    expect(await rowsOf('credentials')).toEqual([]);
  });

  test('raises an alarm about rights, for that is a finding, but none about a renewal', async () => {
    world.chorus.rights.set(LOGIN, { structures: [], entitled: true });
    await enrol(GOOD);
    expect((await rowsOf('alarms')).map(({ kind }) => kind)).toEqual(['entitlement']);
  });
});

test('one that Chorus Pro refuses is shown as an enrolment: nobody has withdrawn it', async () => {
  expect(await enrol(GOOD)).toMatchObject({ exit: 1 });
  const basis = { budget: world.rules.budget, next: NO_CHECK, now: world.now() };
  const shown = handoverText(await world.aggregate(), basis);
  expect(shown).toMatch(/ enrolment .*refused once/);
  expect(shown).not.toContain('withdrawn');
});

describe('sinks', () => {
  beforeEach(() => world.chorus.alive.set(LOGIN, GOOD));

  test('that differ are named, and nobody writes them: neither the command nor the daemon', async () => {
    world.sinks[0]?.held.set(LOGIN, OTHER);
    const { exit, out } = await enrol(GOOD);
    expect(exit).toBe(0);
    expect(out).toContain(
      'Sinks that differed\n' +
        `${LOGIN}  file\n  it holds something else\n` +
        `${LOGIN}  keyring\n  it holds no password yet\n` +
        'Nothing was written there: releve publish LOGIN does, or the same again with --write.',
    );
    world.later(MINUTE);
    await world.advanceAll();
    expect(world.sinks.map(({ writes }) => writes)).toEqual([[], []]);
    const basis = { budget: world.rules.budget, next: NO_CHECK, now: world.now() };
    const shown = handoverText(await world.aggregate(), basis);
    expect(shown).toMatch(/^file +left as it is; it holds something else; releve publish writes it$/m);
  });

  test('stay as they are when a daemon starts and compares its settings with them; a new one is written', async () => {
    const [file, later] = [fakeSink('file'), fakeSink('later')];
    await open({ sinks: [file] });
    world.chorus.alive.set(LOGIN, GOOD);
    file.held.set(LOGIN, OTHER);
    await enrol(GOOD);
    const { sinksOf } = rotationRules([file, later]);
    await world.ports.rotations.update(world.id, (aggregate) =>
      reconcile(aggregate, { all: false }, { ...world.rules, sinksOf }, world.now()),
    );
    const { publications } = await world.aggregate();
    expect(publications.map(({ sink, stage }) => [sink, stage])).toEqual([
      ['file', 'left'],
      ['later', 'due'],
    ]);
  });

  test('are written by releve publish, and no letter says so', async () => {
    const [file] = world.sinks;
    file?.held.set(LOGIN, OTHER);
    await enrol(GOOD);
    const ended = await world.run(() => runPublish(LOGIN, {}, world.context, world.io));
    expect(ended.exit).toBe(0);
    expect(world.sinks.map(({ held }) => held.get(LOGIN))).toEqual([GOOD, GOOD]);
    expect(file?.hooks).toEqual([{ login: LOGIN, version: 1 }]);
    expect(await rowsOf('letters')).toEqual([]);
    expect(await rowsOf('alarms')).toEqual([]);
  });

  test('are written by --write where they differ; what was equal has no write and no hook', async () => {
    const sinks = ['equal', 'other'].map((name) => fakeSink(name));
    await open({ sinks });
    world.chorus.alive.set(LOGIN, GOOD);
    sinks[0]?.held.set(LOGIN, GOOD);
    sinks[1]?.held.set(LOGIN, OTHER);
    const { exit, out } = await enrol(GOOD, { write: true });
    expect({ exit, out }).toMatchObject({
      exit: 0,
      out: expect.stringContaining(`${LOGIN}  other\n  written`),
    });
    expect(sinks.map(({ writes, hooks }) => [writes.length, hooks.length])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(await rowsOf('letters')).toEqual([]);
    expect(await rowsOf('alarms')).toEqual([]);
    // A second time everything holds it.
    expect((await enrol(GOOD, { write: true })).out).toContain('Every sink holds what is in service.');
    expect(sinks[1]?.writes).toHaveLength(1);
  });

  test('that --write cannot write are told with their fault', async () => {
    const [file] = world.sinks;
    if (file !== undefined) file.fault = 'sink file: the disk is full';
    const { out } = await enrol(GOOD, { write: true });
    expect(out).toContain(`${LOGIN}  file\n  sink file: the disk is full`);
    expect(out).toContain(`${LOGIN}  keyring\n  written`);
  });
});

describe('a list', () => {
  test('of JSON lines or CSV is enrolled account by account, with its progress', async () => {
    await openFleet(3);
    expect(await enrolList(lines(2))).toMatchObject({
      exit: 0,
      inService: 2,
      left: 0,
      lines: [
        { line: 1, login: loginOf(0), environment: 'production', outcome: 'enrolled', proven: true },
        { line: 2, login: loginOf(1), outcome: 'enrolled', sinks: [{ sink: 'file', state: 'holds it' }, {}] },
      ],
    });
    expect(world.shown).toEqual(['asking Chorus Pro (1 of 2)…', 'asking Chorus Pro (2 of 2)…']);
    const csv = `login;password;environment\n${loginOf(2)};${passwordOf(2)};production\n`;
    expect(outcomes(await enrolList(csv))).toEqual(['enrolled']);
  });

  test('tells each line that cannot be enrolled, without a word of it, and asks nobody about it: exit 3', async () => {
    await openFleet(4);
    await world.database.db
      .updateTable('technical_users')
      .set({ retired: 1 })
      .where('login', '=', loginOf(3))
      .execute();
    const secrets = ['kK2(made_Up[9z', 'hunter2', '“rT6)made_Up{4”', loginOf(1)];
    const list = [
      line(0),
      line(1, ` ${secrets[0]}`),
      line(1, secrets[1]),
      line(1, secrets[2]),
      line(1, secrets[3]),
      `{"login":"${secrets[0]}","password":"x"}`,
      `{"login":"${loginOf(2)}","password":${secrets[0]}}`,
      line(3),
      line(2),
    ].join('\n');
    const report = await enrolList(list);
    expect(outcomes(report)).toEqual([
      ...['enrolled', 'no-password', 'no-password', 'no-password', 'no-password'],
      ...['unknown', 'malformed', 'retired', 'enrolled'],
    ]);
    expect(report).toMatchObject({ exit: 3, said: '7 of 9 not in service', inService: 2, left: 7 });
    expect(world.chorus.answers).toHaveLength(2);
    world.pipes(list);
    const { out } = await world.run(() => runEnrol(undefined, {}, world.context, world.io));
    expect(out).toMatch(/ {2}line 2: There are blanks/);
    expect(out).toContain('The password has 7 characters');
    expect(JSON.stringify(report)).toContain('The password has 7 characters');
    for (const row of out.split('\n\n', 1)[0]?.split('\n') ?? []) expect(row.length).toBeLessThanOrEqual(80);
    for (const secret of [secrets[0], secrets[1], secrets[2]])
      expect(report.out + out + world.asides.join('')).not.toContain(secret);
  });

  test('ends after three refusals in a row; the rest is not asked, and no refused line ever again', async () => {
    await openFleet(6);
    const wrong = (nth: number) => line(nth, `wR0(ng${String(nth).padStart(6, '0')}`);
    const list = [line(0), wrong(1), line(2), wrong(3), wrong(4), wrong(5), line(1)].join('\n');
    const report = await enrolList(list);
    expect(outcomes(report)).toEqual([
      ...['enrolled', 'refused', 'enrolled', 'refused', 'refused', 'refused', 'not-asked'],
    ]);
    expect(report.exit).toBe(3);
    expect(world.chorus.answers).toHaveLength(6);
    expect((await trail()).filter(({ what }) => what === 'enrolment refused')).toHaveLength(4);
    // The same list once more: what was refused is known, so the run goes on to what was not asked.
    const again = await enrolList(list);
    expect(outcomes(again)).toEqual([
      ...['in-service', 'refused-before', 'in-service', 'refused-before', 'refused-before'],
      ...['refused-before', 'enrolled'],
    ]);
    expect(world.chorus.answers).toHaveLength(7);
  });

  test('with a refused line is no news to the manager: the page and the letters know nothing of it', async () => {
    const before = await known();
    expect(await enrol(OTHER)).toMatchObject({ exit: 1, out: expect.stringContaining('refused') });
    expect(await known()).toEqual(before);
    expect(await rowsOf('credentials')).toEqual([]);
    expect(progressOf(await world.aggregate(), null).phase).toBe('ready');
    // Handed in by a person it is asked about as any other: the account may have been locked.
    world.chorus.alive.set(LOGIN, OTHER);
    await world.handIn(OTHER);
    expect((await world.user()).version).toBe(2);
  });

  test('during an outage leaves what has no answer for later, keeps nothing, and ends after three', async () => {
    await openFleet(5);
    world.chorus.down = 'chorus-pro-down';
    const before = await known();
    expect(outcomes(await enrolList(lines(5)))).toEqual([
      ...['no-answer', 'no-answer', 'no-answer', 'not-asked', 'not-asked'],
    ]);
    expect(await known()).toEqual(before);
    expect(await rowsOf('credentials')).toEqual([]);
    const fingerprints = await world.database.db.selectFrom('rotations').select('fingerprint').execute();
    expect(fingerprints).toEqual([{ fingerprint: null }, { fingerprint: null }, { fingerprint: null }]);
    world.chorus.down = null;
    expect(await enrolList(lines(5))).toMatchObject({ exit: 0, inService: 5 });
    expect(await world.database.db.selectFrom('rotations').select('id').execute()).toHaveLength(5);
  });

  test('stays inside the budget of failures of each account, and says from when it may be asked', async () => {
    const wrong = (last: number) => JSON.stringify({ login: LOGIN, password: `wR0(ng_wRon${last}` });
    world.chorus.alive.set(LOGIN, GOOD);
    const once = async (last: number) => outcomes(await enrolList(wrong(last)));
    expect([await once(1), await once(2), await once(3)]).toEqual([['refused'], ['refused'], ['refused']]);
    expect(await enrol(GOOD)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('not now, from 11:00:00'),
    });
    expect(world.chorus.answers).toHaveLength(3);
    world.later(61 * MINUTE);
    expect((await enrol(GOOD)).exit).toBe(0);
  });

  test('may name the environment; a login in both needs it', async () => {
    const twice = (['production', 'qualification'] as const).map((environment) => ({
      ...{ login: LOGIN, environment, changedOn: '2026-04-01', manager: 'maire@example.test' },
    }));
    await open({ users: twice, sinks: [] });
    world.chorus.alive.set(LOGIN, GOOD);
    const csv = `login,password\n${LOGIN},${GOOD}\n`;
    expect(outcomes(await enrolList(csv))).toEqual(['both']);
    expect(await enrolList(csv, { environment: 'qualification' })).toMatchObject({
      exit: 0,
      lines: [{ environment: 'qualification', outcome: 'enrolled' }],
    });
  });

  test('that is none is wrong use: exit 2; without keys none is taken: exit 1', async () => {
    for (const list of ['', 'no;list\nat;all', 'login;password\n'])
      expect(await enrolList(list)).toMatchObject({ exit: 2, out: '' });
    await open({ keys: () => null });
    world.chorus.alive.set(LOGIN, GOOD);
    expect(await enrol(GOOD)).toMatchObject({
      exit: 1,
      said: expect.stringContaining('no password can be received'),
    });
    expect(world.chorus.answers).toEqual([]);
  });
});

test('where the settings do without a proof, it is taken as received and said so', async () => {
  await open({ rules: { verification: { production: 'none', qualification: 'none' } } });
  const before = await known();
  const { exit, out } = await enrol(GOOD);
  expect(exit).toBe(0);
  expect(out).toContain('enrolled, unproven');
  expect(out).toContain('1 taken as received');
  expect(currentRotation(await world.aggregate())).toMatchObject({ proven: 'unverified', version: 1 });
  expect(world.chorus.answers).toEqual([]);
  await world.advanceAll();
  expect(await known()).toEqual(before);
});

test('an account that another process is asking about is left to it, and it is said until when', async () => {
  await open({ pause: async () => undefined });
  world.chorus.alive.set(LOGIN, GOOD);
  const { before } = world.chorus;
  world.chorus.before = () => {
    throw new Error('killed');
  };
  await expect(enrol(GOOD)).rejects.toThrow('killed');
  world.chorus.before = before;
  expect(await enrol(GOOD)).toMatchObject({
    exit: 1,
    out: expect.stringContaining('not now, from 10:02:00'),
  });
  world.later(3 * MINUTE);
  expect((await enrol(GOOD)).exit).toBe(0);
});

test('a process that dies at any step is started again with the same list, and the end is the same', async () => {
  class Killed extends Error {}
  /** Ends the process at the nth mark: before and after each change of the database, and each call. Returns the marks passed. */
  const dieAt = (nth: number) => {
    let marks = 0;
    const mark = () => {
      marks += 1;
      if (marks === nth) throw new Killed();
    };
    const marked =
      <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        mark();
        const done = await work(...args);
        mark();
        return done;
      };
    const { rotations, platforms, verifier } = world.ports;
    const { update: change } = rotations;
    const { update: record } = platforms;
    const { verify } = verifier;
    Object.assign(rotations, { update: marked(change) });
    Object.assign(platforms, { update: marked(record) });
    Object.assign(verifier, { verify: marked(verify) });
    return () => {
      Object.assign(rotations, { update: change });
      Object.assign(platforms, { update: record });
      Object.assign(verifier, { verify });
      return marks;
    };
  };
  let [nth, most] = [0, 1];
  while (nth < most) {
    nth += 1;
    // The lease of the call that died is waited for; here it is twice as long as in production.
    await openFleet(3, { pause: async () => world.later(500) });
    const before = await known();
    const revive = dieAt(nth);
    const died = await enrolList(lines(3)).catch((error: unknown) => error);
    most = Math.max(most, revive() + (died instanceof Killed ? 1 : 0));
    expect(await known()).toEqual(before);
    const report = await enrolList(lines(3));
    expect({ nth, exit: report.exit, inService: report.inService }).toEqual({ nth, exit: 0, inService: 3 });
    expect(await known()).toEqual(before);
    expect(await rowsOf('credentials')).toHaveLength(3);
    const rotations = await world.database.db.selectFrom('rotations').select(['stage', 'standing']).execute();
    expect(rotations).toEqual(Array(3).fill({ stage: 'closed', standing: 'current' }));
    expect(world.sinks.map(({ writes, hooks }) => [...writes, ...hooks])).toEqual([[], []]);
  }
  expect(nth).toBeGreaterThan(18);
});
