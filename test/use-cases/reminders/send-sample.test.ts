// A sample of a reminder that an agent sends to himself: marked everywhere, with a dead link, and without a trace but in the audit trail.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import { sendSample } from '../../../src/use-cases/reminders/send-sample.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openWorld, type World } from '../../rig/world.ts';

let world: World;
beforeEach(async () => {
  const one = {
    login: 'T1',
    portalOn: '2027-04-28',
    manager: 'maire@example.test',
    deputies: ['d@example.test'],
  };
  world = await openWorld({ users: [one], at: '2027-04-20T23:00' });
});
afterEach(() => world.close());

const send = async (address: string, login: string | null = 'T1') => {
  const { transport, audit, clock, database } = world;
  const sender = { ...world.sender, door: 'https://releve.test' };
  const ports = { transport, audit, registry: openRegistry(database), clock, rules: rulesWith(), sender };
  return sendSample(ports, {
    user: login === null ? null : await world.userOf(login),
    address,
    who: 'agent',
  });
};
const stored = async () => {
  const tables = ['technical_users', 'letters', 'deliveries', 'links', 'tasks', 'events'] as const;
  return Promise.all(tables.map((table) => world.database.db.selectFrom(table).selectAll().execute()));
};
const trail = async () =>
  (await Array.fromAsync(world.audit.lines())).map(({ what, who, detail }) => [what, who, detail]);

it('leaves at once, at any hour: the reminder of the present step, said to be a sample wherever one looks', async () => {
  const before = await stored();
  expect(await send('moi@siagep.test')).toMatchObject({
    kind: 'sent',
    reply: expect.stringContaining('250'),
  });
  const [mail] = world.transport.taken;
  expect(mail?.recipients).toEqual([
    { address: 'moi@siagep.test', name: 'moi@siagep.test', field: 'to', personId: null },
  ]);
  expect(mail?.letter.subject).toMatch(/^\[EXEMPLE\] .*28 avril 2027/);
  expect(mail?.letter.firstLine).toMatch(/^Ceci est un exemple\s: il n’y a rien à faire\.$/);
  expect(mail?.letter.calendar).toEqual([]);
  const [notice] = mail?.letter.blocks ?? [];
  expect(notice).toMatchObject({ kind: 'notice', text: expect.stringContaining('liens n’ouvrent rien') });
  const links = mail?.letter.blocks.flatMap((block) => (block.kind === 'link' ? [block] : [])) ?? [];
  expect(links).toMatchObject([
    {
      url: 'https://releve.test/m/EXEMPLE-ce-lien-n-ouvre-rien',
      label: expect.stringContaining('ce lien n’ouvre rien'),
    },
  ]);
  expect(await stored()).toEqual(before);
  expect(await trail()).toEqual([['sample sent', 'agent', 'production T1, to moi@siagep.test']]);
  // The ladder goes on as if nothing had been.
  await world.at('2027-04-21T09:00');
  expect(world.letters().filter((line) => line.includes('maire@'))).toEqual([
    '2027-04-21 J-7 maire@example.test',
  ]);
});

it('shows an account that does not exist, where none is named', async () => {
  expect(await send('moi@siagep.test', null)).toMatchObject({ kind: 'sent' });
  expect(JSON.stringify(world.transport.taken)).toContain('TECH_1_00000000000000@cpro.fr');
  expect(await trail()).toMatchObject([['sample sent', 'agent', 'of an example, to moi@siagep.test']]);
});

it('is not sent to a manager or deputy, who would take it for a letter; what the mail server says is told', async () => {
  expect(await send('Maire@Example.test')).toEqual({ kind: 'managers' });
  expect(await send('d@example.test')).toEqual({ kind: 'managers' });
  expect(world.transport.tried).toEqual([]);
  expect(await trail()).toEqual([]);
  world.transport.answerWith(() => ({ kind: 'never', fault: 'address', reply: '550 5.1.1 nobody' }));
  expect(await send('moi@siagep.test')).toMatchObject({ kind: 'never', reply: '550 5.1.1 nobody' });
});
