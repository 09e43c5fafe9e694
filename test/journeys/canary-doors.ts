// Carries canaries through every door of the canaries' world, rightly and wrongly, and breaks things on the way.
import { rename } from 'node:fs/promises';
import { waitFor } from '../rig/process.ts';
import { rowsOf } from '../rig/readable-places.ts';
import { type CanaryWorld, canary, ECHOES, type Player } from './canary-world.ts';

/** What a door said to a canary: a status or an exit code, under a name. */
export type Outcomes = ReadonlyMap<string, number | null>;

type Note = (name: string, outcome: { readonly status: number } | { readonly code: number | null }) => void;

/** The number of each player's canary: what it hands in rightly. */
export const NUMBER: Readonly<Record<Player, number>> = {
  accepted: 1,
  refused: 2,
  'chosen clean': 3,
  'chosen as it is': 4,
  clumsy: 5,
  loud: 6,
  'tool accepted': 7,
  'tool refused': 8,
  agent: 9,
  crashed: 10,
  'shut out': 11,
};

/** Goes through all doors; what each of them said, by name. */
export async function knockEverywhere(world: CanaryWorld): Promise<Outcomes> {
  const outcomes = new Map<string, number | null>();
  const note: Note = (name, outcome) =>
    outcomes.set(name, 'status' in outcome ? outcome.status : outcome.code);
  await Promise.all([atTheForm(world, note), clumsily(world, note), withEchoes(world, note)]);
  await Promise.all([byTool(world, note), byCommand(world, note)]);
  await untilToldOfRefusals(world);
  await throughACrash(world, note);
  await withoutAKey(world, note);
  return outcomes;
}

async function atTheForm(world: CanaryWorld, note: Note): Promise<void> {
  const { loginOf, postForm, resetAtPortal, linkFor } = world;
  const hand = async (player: Player, text: string) =>
    postForm(await linkFor(loginOf(player)), { password: text, expiry: '12/03/2028' });
  resetAtPortal(loginOf('accepted'), canary(NUMBER.accepted));
  const link = await linkFor(loginOf('accepted'));
  note('announced', await postForm(link, { ready: 'yes' }, { path: '/annonce' }));
  note('accepted', await hand('accepted', canary(NUMBER.accepted)));
  note('a link that is spent', await world.request(link));
  note('refused', await hand('refused', canary(NUMBER.refused)));
  resetAtPortal(loginOf('chosen clean'), canary(NUMBER['chosen clean']));
  for (const [player, choice] of [
    ['chosen clean', 'clean'],
    ['chosen as it is', 'as-is'],
  ] as const) {
    note(`unclear, ${choice}`, await hand(player, ` ${canary(NUMBER[player])}\u00a0`));
    const chosen = await postForm(await linkFor(loginOf(player)), { choice }, { path: '/choix' });
    note(`chosen, ${choice}`, chosen);
  }
  resetAtPortal(loginOf('loud'), canary(NUMBER.loud));
  note('loud', await hand('loud', canary(NUMBER.loud)));
}

/** Everything that can be got wrong about a form and its address. */
async function clumsily(
  { loginOf, linkFor, postForm, request, doorUrl }: CanaryWorld,
  note: Note,
): Promise<void> {
  const login = loginOf('clumsy');
  const link = await linkFor(login);
  const word = canary(NUMBER.clumsy);
  const fields: Readonly<Record<string, Record<string, string>>> = {
    'in the field of the login': { password: 'Other(pass_123w', login: word },
    'in the field of the date': { password: 'Other(pass_123w', expiry: word },
    'in both fields': { password: word, login: word },
    'in all other fields': { password: '', login: word, expiry: word, ready: word, choice: word },
    'in a field unknown to us': { password: '', [word]: word },
    'with a login of another': { password: `TECH_1_25900096600020@cpro.fr / ${word}` },
    'far too long': { password: word.repeat(400) },
    'with control characters': { password: `${word}\u0007` },
    'with the seal': { password: word, seal: word },
  };
  for (const [name, given] of Object.entries(fields)) note(name, await postForm(link, given));
  const others: Readonly<Record<string, readonly [path: string, fields: Record<string, string>]>> = {
    'in the text of an answer': ['/reponse', { answer: 'successor', 'detail-successor': `c'est «${word}»` }],
    'behind a label in an answer': ['/reponse', { answer: 'call-back', 'detail-call-back': `mdp:${word}.` }],
    'as the day of an answer': ['/reponse', { answer: 'away', 'detail-away': word }],
    'as an answer': ['/reponse', { answer: word, [`detail-${word}`]: word }],
    'beside an answer': ['/reponse', { answer: 'call-back', password: word, 'detail-away': word }],
    'as a date alone': ['/date', { expiry: word }],
    'beside a date alone': ['/date', { expiry: '12/03/2035', password: word, 'detail-away': word }],
  };
  for (const [name, [path, given]] of Object.entries(others))
    note(name, await postForm(link, given, { path }));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = `password=${encodeURIComponent(word)}`;
  const post = (name: string, init: RequestInit, path = '') =>
    request(`${link}${path}`, { method: 'POST', headers: form, body, ...init }).then((answer) =>
      note(name, answer),
    );
  await post('too large', { body: `${body}&x=${word.repeat(1_400)}` });
  await post('twice', { body: `${body}&${body}` });
  await post('as JSON', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ word }) });
  await post('as text', { headers: { 'content-type': 'text/plain' }, body: word });
  await post('of a type that is one', {
    headers: { 'content-type': word.replaceAll(/[^\w]/g, '') },
    body: word,
  });
  await post('from elsewhere', { headers: { ...form, origin: 'https://elsewhere.test' } });
  await post('from another site', { headers: { ...form, 'sec-fetch-site': 'cross-site' } });
  await post('to a choice that is none', { body: `choice=${encodeURIComponent(word)}` }, '/choix');
  const encoded = encodeURIComponent(word);
  for (const path of [`/m/${encoded}`, `/nowhere/${encoded}`, `/v1/${encoded}`, `/m/%E0%A4%A${encoded}`]) {
    note(`at ${path.replace(encoded, '…')}`, await request(`${doorUrl}${path}`));
  }
  note('in a query', await request(`${link}?password=${encoded}&vue=${encoded}`));
  note('in heads', await request(link, { headers: { cookie: word, referer: word, 'user-agent': word } }));
}

/** Chorus Pro says it all back. */
async function withEchoes({ echoLogin, linkFor, postForm }: CanaryWorld, note: Note): Promise<void> {
  for (const [place, shape] of ECHOES.entries()) {
    const link = await linkFor(echoLogin(shape));
    note(`echo: ${shape}`, await postForm(link, { password: canary(50 + place) }));
  }
}

async function byTool(world: CanaryWorld, note: Note): Promise<void> {
  const { loginOf, postTool, resetAtPortal, run } = world;
  const tokenFor = async (purpose: string) => {
    const { stdout } = await run(['token', 'new', `outil-${purpose}`, '--for', purpose, '--json']);
    return (JSON.parse(stdout) as { token: string }).token;
  };
  const [token, reports] = [await tokenFor('submit'), await tokenFor('report')];
  const login = loginOf('tool accepted');
  const accepted = canary(NUMBER['tool accepted']);
  const word = canary(NUMBER['tool refused']);
  resetAtPortal(login, accepted);
  const bodies: Readonly<Record<string, unknown>> = {
    'unclear by tool': { login, password: ` ${accepted} ` },
    'accepted by tool': { login, password: ` ${accepted} `, reading: 'clean' },
    'known by tool': { login, password: accepted },
    'wrong by tool': { login, password: word.repeat(400) },
    'a wrong date by tool': { login, password: word, expiresOn: word },
    'a shape that is none': { login, password: [word], [word]: word },
    'no JSON': `{"login": "${login}", "password": "${word}`,
    'an unknown login': { login: word, password: word },
    'an unknown reading': { login, password: word, reading: word },
    'too large by tool': { login, password: word.repeat(1_400) },
    'refused by tool': { login: loginOf('tool refused'), password: word },
  };
  for (const [name, body] of Object.entries(bodies)) note(name, await postTool(token, body));
  note('a token that is none', await postTool('x'.repeat(43), { login, password: word }));
  note('a password for a token', await postTool(word.replaceAll(/[^\w]/g, ''), { login, password: word }));
  note('an adoption with one', await postTool(reports, { login, version: word }, '/v1/adoptions'));
}

async function byCommand({ loginOf, resetAtPortal, run }: CanaryWorld, note: Note): Promise<void> {
  const login = loginOf('agent');
  const word = canary(NUMBER.agent);
  const submit = (...args: string[]) => ['submit', login, ...args];
  // Before the portal knows it: a refusal.
  note('refused by command', await run(submit(), `${word}\n`));
  resetAtPortal(login, word);
  note('unclear by command', await run(submit('--json'), ` ${word} \n`));
  note('wrong by command', await run(submit(), `${word}\u0007`));
  const mistaken: Readonly<Record<string, readonly string[]>> = {
    'as an argument': submit(word),
    'as an option': submit(`--password=${word}`),
    'for a date': submit('--expires', word),
    'for an environment': submit('--environment', word),
    'for a login': ['submit', word],
  };
  const trials = Object.entries(mistaken).map(async ([name, args]) => note(name, await run(args, word)));
  await Promise.all(trials);
}

const tableOf = (database: string, table: string) =>
  (rowsOf(database)[table] ?? []).map((row) => JSON.parse(row) as Record<string, unknown>);

/** The stages that the passwords of a login stand at. */
function stagesOf(database: string, login: string): readonly unknown[] {
  const user = tableOf(database, 'technical_users').find((row) => row.login === login);
  const own = tableOf(database, 'rotations').filter((row) => row.technical_user_id === user?.id);
  return own.map(({ stage }) => stage);
}

/** The refused ones are asked again, within the budget of failures, until their managers are written to. */
async function untilToldOfRefusals({ clock, database, said }: CanaryWorld): Promise<void> {
  const refused = () => tableOf(database, 'rotations');
  for (const [times, minutes] of [
    [2, 16],
    [3, 46],
    [4, 31],
  ] as const) {
    clock.set(clock.now().add({ minutes }).toString());
    await waitFor(
      () => (refused().filter(({ refusals }) => Number(refusals) >= times).length >= 3 ? true : null),
      () => `not refused ${times} times: ${JSON.stringify(refused())}\n${said()}`,
    );
  }
}

/** The daemon is killed while Chorus Pro is asked, after a newer password has taken the place of an older one. */
async function throughACrash(world: CanaryWorld, note: Note): Promise<void> {
  const { loginOf, linkFor, simulator, database, halt, resume, said, sinkContent } = world;
  const login = loginOf('crashed');
  const link = await linkFor(login);
  world.resetAtPortal(login, canary(NUMBER.crashed));
  const release = simulator.faults.add({ fault: { kind: 'delay', ms: 20_000 }, login });
  const seal = await world.sealOf(link);
  for (const [word, stage] of [
    [canary(90), 'verifying'],
    [canary(NUMBER.crashed), 'superseded'],
  ] as const) {
    // Nobody will answer: the daemon is dead by then.
    void world
      .request(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ seal, password: word }).toString(),
      })
      .catch(() => undefined);
    await waitFor(
      () => (stagesOf(database, login).includes(stage) ? true : null),
      () => `nothing is ${stage}: ${said()}`,
    );
  }
  await halt('SIGKILL');
  release();
  await resume();
  // The claim of the dead one lasts a while, and two calls that were cut off leave the daemon none for an hour.
  world.clock.set(world.clock.now().add({ minutes: 64 }).toString());
  await waitFor(() => sinkContent(login), said);
  note('its page after a crash', await world.request(link));
}

/** Without a master key nothing can be received, which costs the password nothing. */
async function withoutAKey(world: CanaryWorld, note: Note): Promise<void> {
  const { keyFile, halt, resume, postForm, linkFor, loginOf } = world;
  await halt();
  await rename(keyFile, `${keyFile}.away`);
  await resume();
  const word = canary(NUMBER['shut out']);
  note('without a key', await postForm(await linkFor(loginOf('shut out')), { password: word }));
  note('by command, without a key', await world.run(['submit', loginOf('shut out')], word));
  await rename(`${keyFile}.away`, keyFile);
}
