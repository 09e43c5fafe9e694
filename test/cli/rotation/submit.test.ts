// What an agent is told of a password that it hands in: every outcome, its words, its exit code.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runSubmit, type SubmitOptions } from '../../../src/cli/rotation/submit.ts';
import { plant } from '../../fakes/fleet.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { type OperatorWorld, openOperatorWorld } from '../operator.ts';

const GOOD = 'aB3(dE5_gH7[';
const OTHER = 'zY9_xW7(vU5!';

let world: OperatorWorld;
beforeEach(async () => {
  world = await openOperatorWorld();
});
afterEach(() => world.database.close());

const submit = (password: string, options: SubmitOptions = {}, login = LOGIN) => {
  world.types(password);
  return world.run(() => runSubmit(login, options, world.context, world.io));
};
const submitted = async (password: string, options: SubmitOptions = {}) => {
  const ended = await submit(password, { ...options, json: true });
  return { exit: ended.exit, ...JSON.parse(ended.out) };
};
const replaceWorld = async (options: Parameters<typeof openOperatorWorld>[0]) => {
  await world.database.close();
  world = await openOperatorWorld(options);
};

describe('a password that Chorus Pro accepts', () => {
  beforeEach(() => world.chorus.alive.set(LOGIN, GOOD));

  test('is in service and in every sink: exit 0, and a line for each sink', async () => {
    expect(await submit(GOOD)).toEqual({
      exit: 0,
      said: '',
      out:
        `Accepted by Chorus Pro: version 2 of ${LOGIN} is in service since 2027-03-01 10:00:00.\n` +
        'Every sink holds it.\n\n' +
        'sink     state\n' +
        'file     written and read back\n' +
        'keyring  written and read back\n',
    });
    expect(world.sinks.map(({ held }) => held.get(LOGIN))).toEqual([GOOD, GOOD]);
    expect(world.asked).toEqual([`New password of ${LOGIN} (it is not shown): `]);
  });

  test('is told to programs with every fact but itself', async () => {
    const told = await submitted(GOOD);
    expect(told).toMatchObject({
      exit: 0,
      outcome: 'accepted',
      login: LOGIN,
      environment: 'production',
      version: 2,
      proven: 'chorus-pro',
      by: 'agent',
      channel: 'command',
      receivedAt: '2027-03-01T09:00:00Z',
      acceptedAt: '2027-03-01T09:00:00Z',
      sinks: [
        { sink: 'file', state: 'holds it', wrote: true, fault: null, nextTryAt: null },
        { sink: 'keyring', state: 'holds it', wrote: true, fault: null, nextTryAt: null },
      ],
    });
    expect(JSON.stringify(told)).not.toContain(GOOD);
  });

  test('takes the dates that its bringer names', async () => {
    await submit(GOOD, { expires: '12/03/2028', changed: '2027-02-27' });
    const { facts } = await world.user();
    expect({ changed: facts.changedOn?.toString(), portal: facts.portalOn?.toString() }).toEqual({
      changed: '2027-02-27',
      portal: '2028-03-12',
    });
  });

  test('but a sink fails: exit 1, the fault, when it is tried again, and who does so', async () => {
    const [file] = world.sinks;
    if (file !== undefined) file.fault = 'sink file: the disk is full';
    const ended = await submit(GOOD);
    expect(ended).toMatchObject({ exit: 1, said: 'the password is in service, but not in every sink' });
    expect(ended.out).toContain('Not every sink holds it yet. The daemon goes on by itself.');
    expect(ended.out).toMatch(/^file +failed\n +sink file: the disk is full; next try 2027-03-01 10:00:05$/m);
    expect(ended.out).toMatch(/^keyring +written and read back$/m);
  });

  test('handed in once more is known: exit 0', async () => {
    await submit(GOOD);
    expect(await submit(GOOD)).toMatchObject({ exit: 0, out: expect.stringContaining('in service already') });
    expect(await submitted(GOOD)).toMatchObject({ exit: 0, outcome: 'known', as: 'current' });
  });

  test('handed in once more while Chorus Pro refuses it is no good news: exit 1', async () => {
    await submit(GOOD);
    await world.stops();
    expect(await submit(GOOD)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('Chorus Pro refuses it'),
    });
    expect(await submitted(GOOD)).toMatchObject({ exit: 1, outcome: 'known', as: 'stopped' });
  });

  test('is known as a former one when another has taken its place: exit 1, nothing kept', async () => {
    await submit(GOOD);
    world.chorus.alive.set(LOGIN, OTHER);
    await submit(OTHER);
    expect(await submitted(GOOD)).toMatchObject({ exit: 1, outcome: 'known', as: 'former' });
  });
});

describe('a password that Chorus Pro refuses', () => {
  test('is kept sealed and asked again: exit 1, what to look at, and when', async () => {
    const ended = await submit(GOOD);
    expect(ended).toMatchObject({ exit: 1, said: 'Chorus Pro refuses the password' });
    expect(ended.out).toContain('(refusal 1). The one in service stays.');
    expect(ended.out).toContain('« Soumettre »');
    expect(ended.out).toContain('The daemon asks again at 2027-03-01 10:15:00, and goes on by itself.');
    expect(ended.out).toContain('Seen: recuperer/structures/actives/destinataire: HTTP 401');
    expect(world.sinks[0]?.writes).toEqual([]);
  });

  test('without a daemon the agent is told how to go on', async () => {
    await replaceWorld({ daemonRuns: false });
    const { out } = await submit(GOOD);
    expect(out).toContain(
      `No daemon runs here: start releve run, or ask again, not before 2027-03-01 10:15:00, with releve verify ${LOGIN} --environment production.`,
    );
  });

  test('four times while the former one works is never sent again: exit 1', async () => {
    world.chorus.alive.set(LOGIN, OTHER);
    await submit(OTHER);
    await submit(GOOD);
    for (const minutes of [16, 46, 46, 61]) {
      world.later(minutes * 60_000);
      await world.advanceAll();
    }
    const asked = world.chorus.answers.length;
    expect(await submitted(GOOD)).toMatchObject({ exit: 1, outcome: 'known', as: 'refused' });
    expect(world.chorus.answers).toHaveLength(asked);
  });

  test('is not put into service by --accept-unverified', async () => {
    expect(await submitted(GOOD, { acceptUnverified: true })).toMatchObject({ exit: 1, outcome: 'refused' });
    expect((await world.user()).version).toBe(1);
  });

  test('says that the reset was never submitted, where the former password works still', async () => {
    world.chorus.alive.set(LOGIN, OTHER);
    await submit(OTHER);
    await submit(GOOD);
    world.later(16 * 60_000);
    await world.advanceAll();
    world.types(GOOD);
    const snapshot = await world.context.operatorActions.stand(await world.user());
    expect(snapshot.aggregate.rotations.find(({ stage }) => stage === 'candidate')?.currentStillWorks).toBe(
      true,
    );
    // The same again after that is asked at once: who was told so has submitted the reset now.
    world.chorus.alive.set(LOGIN, GOOD);
    expect(await submitted(GOOD)).toMatchObject({ exit: 0, outcome: 'accepted', version: 3 });
  });

  test('waits while the budget of failures is used up: exit 1, and when', async () => {
    for (const last of ['1', '2', '3']) await submit(`aB3(dE5_gH${last}[`);
    expect(await submitted(GOOD)).toMatchObject({ exit: 1, outcome: 'waiting', cause: null, refusals: 0 });
    const { out } = await submit(OTHER);
    expect(out).toContain('Not asked now');
    expect(out).toContain('The daemon asks again at 2027-03-01 11:00:00');
  });
});

describe('a password about which there is no answer', () => {
  beforeEach(() => {
    world.chorus.down = 'piste-down';
    world.chorus.alive.set(LOGIN, GOOD);
  });

  test('is kept sealed: exit 1, the cause, what was seen, and that the daemon goes on', async () => {
    const ended = await submit(GOOD);
    expect(ended).toMatchObject({ exit: 1, said: 'not proven yet: there was no answer' });
    expect(ended.out).toContain('No answer: PISTE does not answer as it should');
    expect(ended.out).toContain('The daemon asks again at 2027-03-01 10:00:30, and goes on by itself.');
    expect(ended.out).toContain('Seen: recuperer/structures/actives/destinataire');
  });

  test('goes into service with --accept-unverified, and the trail names the agent', async () => {
    const ended = await submit(GOOD, { acceptUnverified: true });
    expect(ended.exit).toBe(0);
    expect(ended.out).toContain(`Taken without a proof: version 2 of ${LOGIN} is in service`);
    const lines = [];
    for await (const { who, what } of world.audit.lines()) lines.push(`${who}: ${what}`);
    expect(lines).toContain('agent: accepted without proof');
  });
});

test('verification none: taken as received, and told so', async () => {
  await replaceWorld({ rules: { verification: { production: 'none', qualification: 'none' } } });
  const ended = await submit(GOOD);
  expect(ended).toMatchObject({ exit: 0, out: expect.stringContaining('Taken without a proof') });
  expect(world.chorus.answers).toEqual([]);
});

test('without a sink the agent is told that the password stays here', async () => {
  await replaceWorld({ sinks: [] });
  world.chorus.alive.set(LOGIN, GOOD);
  expect(await submit(GOOD)).toMatchObject({
    exit: 0,
    out: expect.stringContaining('No sink is set up for it'),
  });
});

describe('what is not clear', () => {
  test('exit 3, the findings, how to repeat it, and nothing kept', async () => {
    world.chorus.alive.set(LOGIN, GOOD);
    const ended = await submit(` ${GOOD}`);
    expect(ended).toEqual({
      exit: 3,
      out: '',
      said:
        'it is not clear what is meant; nothing was kept.\n' +
        '  There are blanks before or after the password; hand it in without them, unless they belong to it.\n' +
        'Repeat it with --clean to hand in what cleaning makes of it, or with --as-is to hand in exactly the same.',
    });
    expect((await world.aggregate()).rotations).toEqual([]);
    expect(await submitted(` ${GOOD}`)).toMatchObject({
      exit: 3,
      outcome: 'unclear',
      canClean: true,
      findings: [{ field: 'password', code: 'surrounding-blanks' }],
    });
  });

  test('--clean hands in what cleaning makes of it, --as-is exactly what came', async () => {
    world.chorus.alive.set(LOGIN, GOOD);
    expect(await submitted(` ${GOOD}`, { clean: true })).toMatchObject({ exit: 0, outcome: 'accepted' });
    world.chorus.alive.set(LOGIN, ` ${OTHER}`);
    expect(await submitted(` ${OTHER}`, { asIs: true })).toMatchObject({ exit: 0, outcome: 'accepted' });
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(` ${OTHER}`);
  });

  test('where there is nothing to clean only --as-is is offered', async () => {
    const { said, exit } = await submit('aB3(', { clean: true });
    expect(exit).toBe(3);
    expect(said).toContain('Repeat it with --as-is');
    expect(said).not.toContain('--clean');
  });
});

describe('a password of another length than the portal’s', () => {
  test('is a question with its count, and is asked about only where somebody insists', async () => {
    const ended = await submit('kK2(made_U');
    expect(ended.exit).toBe(3);
    expect(ended.said).toContain('The password has 10 characters');
    expect(await submitted('kK2(made_Up[9zX')).toMatchObject({
      exit: 3,
      outcome: 'unclear',
      canClean: false,
      lengths: { typed: 15, cleaned: null },
      findings: [{ field: 'password', code: 'longer', count: 15 }],
    });
    expect(world.chorus.answers).toEqual([]);
    world.chorus.alive.set(LOGIN, 'kK2(made_U');
    expect(await submit('kK2(made_U', { asIs: true })).toMatchObject({ exit: 0 });
  });
});

describe('what cannot be the password', () => {
  test.each([
    ['', 'There is no password'],
    [LOGIN, 'This is a login, not a password'],
    ['x'.repeat(300), 'far too long'],
    ['12/03/2028', 'This is a date, not a password'],
    ['************', 'the signs that hide a password'],
    ['aB3(dE5\u0007gH7[', 'control characters'],
  ])('%j: exit 2, and nothing kept', async (text, words) => {
    const ended = await submit(text);
    expect(ended).toMatchObject({ exit: 2, out: '' });
    expect(ended.said).toContain(words);
    expect((await world.aggregate()).rotations).toEqual([]);
  });
});

describe('before the password is asked for', () => {
  const nothingAsked = () => expect(world.asked).toEqual([]);

  test('a login that is not known is told, without being repeated: it may be the password', async () => {
    const ended = await submit('x', {}, GOOD);
    expect(ended).toMatchObject({ exit: 1 });
    expect(ended.said).toContain('no technical user of this login, and nothing of this name is known');
    expect(ended.said).not.toContain(GOOD);
    const near = await submit('x', {}, LOGIN.replace('TECH', 'TEHC'));
    expect(near.said).toContain(`near it:\n  ${LOGIN}`);
    nothingAsked();
  });

  test('a login of both environments wants one named', async () => {
    await plant(world.database, [{ login: LOGIN, environment: 'qualification', siret: '21900001200015' }]);
    expect(await submit('x')).toMatchObject({ exit: 2, said: expect.stringContaining('--environment') });
    nothingAsked();
    world.chorus.alive.set(LOGIN, GOOD);
    expect(await submitted(GOOD, { environment: 'qualification' })).toMatchObject({
      exit: 0,
      environment: 'qualification',
    });
  });

  test.each([
    [{ environment: GOOD }, '--environment: production or qualification'],
    [{ expires: GOOD }, '--expires: The expiry date cannot be read'],
    [{ expires: '2020-01-01' }, '--expires: The expiry date is not in the future'],
    [{ changed: GOOD }, '--changed: a day such as'],
    [{ changed: '2027-03-02' }, '--changed: that day is to come'],
  ])('wrong options are exit 2 and are not repeated: %j', async (options, words) => {
    const ended = await submit('x', options);
    expect(ended).toMatchObject({ exit: 2, said: expect.stringContaining(words) });
    expect(ended.said).not.toContain(GOOD);
    nothingAsked();
  });

  test('a vault that is shut is told: exit 1', async () => {
    await replaceWorld({ keys: () => null });
    const ended = await submit(GOOD);
    expect(ended).toMatchObject({
      exit: 1,
      said: expect.stringMatching(
        /^no password can be received: No master key is given\. See releve key check\.$/,
      ),
    });
    nothingAsked();
    expect(await submitted(GOOD)).toMatchObject({ exit: 1, outcome: 'shut' });
  });

  test('a retired technical user is told: exit 1', async () => {
    await world.database.db.updateTable('technical_users').set({ retired: 1 }).execute();
    expect(await submit(GOOD)).toMatchObject({ exit: 1, said: expect.stringContaining('--reinstate') });
    nothingAsked();
  });
});

test('the same that a daemon is asking about this moment: its answer is waited for, and told', async () => {
  const answered = Promise.withResolvers<void>();
  const asking = Promise.withResolvers<void>();
  let daemon: Promise<void> | null = null;
  await replaceWorld({
    pause: async () => {
      answered.resolve();
      await daemon;
    },
  });
  world.chorus.alive.set(LOGIN, GOOD);
  const { verify } = world.chorus;
  Object.assign(world.chorus, {
    verify: async (...asked: Parameters<typeof verify>) => {
      asking.resolve();
      await answered.promise;
      return verify(...asked);
    },
  });
  await world.submit(GOOD);
  daemon = world.advance();
  await asking.promise;
  expect(await submit(GOOD)).toMatchObject({
    exit: 0,
    out: expect.stringContaining('Accepted by Chorus Pro'),
  });
  expect(world.chorus.answers).toHaveLength(1);
});
