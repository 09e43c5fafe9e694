// The contract of sinks, run against the fake and against the real file, keyring, command and HTTP sinks.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { FileSettings } from '../../../src/adapters/sinks/settings.ts';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import { type SinkWorld, sinkContract } from '../../contracts/sink.contract.ts';
import { fakeSink } from '../../fakes/sink.ts';
import type { ApiCall, ApiReply } from '../../rig/api-server.ts';
import { DOWN, openPastell } from '../../rig/pastell.ts';
import { plainApi, readable, recipe, startProduct, unreadable, vaultApi } from './http-rig.ts';
import { startBus } from './keyring-rig.ts';
import {
  commandSettings,
  content,
  fileSettings,
  keyringSettings,
  LOGIN,
  manualSettings,
  pastellSettings,
} from './samples.ts';

/** A folder with a hook that leaves a line each time, and a hold file. */
function ground() {
  const folder = mkdtempSync(join(tmpdir(), 'releve-sink-contract-'));
  const hooked = join(folder, 'hooked');
  mkdirSync(join(folder, 'out'));
  return {
    folder,
    out: join(folder, 'out'),
    common: {
      hook: { run: ['sh', '-c', `echo x >>'${hooked}'`], timeoutMs: 10_000 },
      holdFile: join(folder, '{{login}}.hold'),
    },
    hooks: async () => (existsSync(hooked) ? readFileSync(hooked, 'utf8').trim().split('\n').length : 0),
    holds: async (login: string) => existsSync(join(folder, `${login}.hold`)),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function fakeWorld(): Promise<SinkWorld> {
  const sink = fakeSink('fake', { environment: 'production' });
  return {
    sink,
    saysVersion: true,
    read: async (login) => sink.held.get(login) ?? null,
    spoil: async (login) => {
      sink.held.set(login, 'spoilt');
      sink.versions.delete(login);
    },
    hooks: async () => sink.hooks.length,
    holds: async (login) => sink.holding.has(login),
    outage: async () => {
      sink.fault = 'read-only';
    },
    recovery: async () => {
      sink.fault = null;
    },
    close: async () => undefined,
  };
}

async function fileWorld(
  changes: (out: string, common: Partial<FileSettings>) => Partial<FileSettings> = (_, common) => common,
): Promise<SinkWorld & { readonly place: (login: string) => string }> {
  const { out, common, hooks, holds, remove } = ground();
  const place = (login: string) => join(out, `${login}.json`);
  return {
    place,
    sink: openSink(fileSettings(join(out, '{{login}}.json'), changes(out, common)), process.env),
    saysVersion: true,
    read: async (login) =>
      existsSync(place(login)) ? JSON.parse(readFileSync(place(login), 'utf8')).password : null,
    spoil: async (login) => writeFileSync(place(login), 'spoilt', { mode: 0o600 }),
    hooks,
    holds,
    outage: async () => renameSync(out, `${out}.away`),
    recovery: async () => {
      if (existsSync(`${out}.away`)) renameSync(`${out}.away`, out);
      if (existsSync(`${place(LOGIN)}/`)) rmdirSync(place(LOGIN));
    },
    trouble: async (kind, login) => {
      rmSync(place(login));
      // What stands there can be no file of a password.
      if (kind === 'barred') mkdirSync(place(login));
    },
    close: remove,
  };
}

/** A file of another program for each login, in which one key is ours. */
async function keyedWorld(): Promise<SinkWorld> {
  const world = await fileWorld((out, common) => {
    const keys = ['password', 'version'].map((value) => ({ section: null, name: value, value }));
    for (const login of [LOGIN, 'TECH_2_25900096600020@cpro.fr']) {
      writeFileSync(join(out, `${login}.json`), 'A=1\npassword=\nversion=\n', { mode: 0o600 });
    }
    return { ...common, format: 'dotenv', reader: 'npm', keys, mode: null };
  });
  const text = (login: string) =>
    existsSync(world.place(login)) ? readFileSync(world.place(login), 'utf8') : '';
  return {
    ...world,
    read: async (login) => parseEnv(text(login)).password ?? null,
    spoil: async (login) => writeFileSync(world.place(login), 'A=1\npassword=spoilt\nversion=x\n'),
  };
}

async function keyringWorld(): Promise<SinkWorld> {
  const { common, hooks, holds, remove } = ground();
  const rig = await startBus();
  await rig.unlock();
  return {
    sink: openSink(keyringSettings(rig.address, common), process.env),
    saysVersion: false,
    read: (login) => rig.keytar('chorus-pro', login),
    spoil: (login) => rig.keytarSets('chorus-pro', login, 'spoilt'),
    hooks,
    holds,
    // Locked: without any keyring the bus would start one of its own.
    outage: async () => {
      await rig.stopKeyring();
      await rig.unlock('wrong');
    },
    recovery: async () => {
      await rig.stopKeyring();
      await rig.unlock();
    },
    trouble: async () => {
      await rig.stopKeyring();
      await rig.unlock('wrong');
    },
    close: async () => {
      await rig.stop();
      await remove();
    },
  };
}

async function commandWorld(): Promise<SinkWorld> {
  const { folder, out, common, hooks, holds, remove } = ground();
  // Keeps what it is given in a file named after the login; compares it with what it is given.
  const script = (name: string, body: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nread -r line\n${body}\n`, { mode: 0o700 });
    return file;
  };
  const place = `'${out}'/"$RELEVE_LOGIN"`;
  const trouble = `'${folder}'/trouble`;
  const act = `case "$(cat ${trouble} 2>&-)" in slow) sleep 5 ;; ignored) exit 0 ;; esac`;
  const lost = `[ "$(cat ${trouble} 2>&-)" != lost ]`;
  const run = [script('keep', `${act}\nprintf '%s\\n' "$line" >${place} && ${lost}`)];
  const stored = `sed -n 's/.*\\("version":[0-9]*\\).*/{\\1}/p' ${place}`;
  const differs = `[ "$(cat ${trouble} 2>&-)" = barred ] && exit 2\n[ -e ${place} ] || { echo '{"version":null}'; exit 3; }\n[ "$line" = "$(cat ${place})" ] || { ${stored}; exit 3; }`;
  const check = { run: [script('check', differs)], different: 3 } as const;
  // This sink holds the connector by programs, not by a hold file.
  const holdPath = `'${folder}'/"$RELEVE_LOGIN".hold`;
  const ways = {
    hold: [script('hold', `touch ${holdPath}`)],
    resume: [script('resume', `rm -f ${holdPath}`)],
  };
  const file = (login: string) => join(out, login);
  return {
    saysVersion: true,
    sink: openSink(
      commandSettings(run, { ...common, holdFile: null, check, timeoutMs: 1_000, ...ways }),
      process.env,
    ),
    read: async (login) =>
      existsSync(file(login)) ? JSON.parse(readFileSync(file(login), 'utf8')).password : null,
    spoil: async (login) => writeFileSync(file(login), 'spoilt\n'),
    hooks,
    holds,
    outage: async () => renameSync(out, `${out}.away`),
    recovery: async () => {
      rmSync(join(folder, 'trouble'), { force: true });
      if (existsSync(`${out}.away`)) renameSync(`${out}.away`, out);
    },
    trouble: async (kind, login) => {
      writeFileSync(join(folder, 'trouble'), kind);
      if (kind === 'gone') rmSync(file(login));
    },
    close: remove,
  };
}

/** An HTTP sink over a double: its hook is a program, and each trouble is an answer of the product. */
async function httpWorld(
  answer: (call: ApiCall) => ApiReply | null,
  text: (url: string) => string,
  own: Pick<SinkWorld, 'saysVersion' | 'read' | 'spoil'> &
    Partial<Pick<SinkWorld, 'holds'>> & { gone(login: string): void },
): Promise<SinkWorld> {
  const { common, hooks, holds, remove } = ground();
  const { insteadAnswer, sinkOf, url, close } = await startProduct(answer);
  const troubles: Readonly<Record<string, (call: ApiCall) => ApiReply | null>> = {
    barred: () => ({ status: 403, body: { errors: ['permission denied'] } }),
    slow: () => null,
    ignored: (call) => (call.method === 'GET' ? answer(call) : { body: { result: 'ok' } }),
    lost: (call) => ({ ...answer(call), ...(call.method === 'GET' ? {} : { stays: true }) }),
  };
  const { hook, holdFile } = common;
  return {
    sink: sinkOf(text(url), own.holds === undefined ? { hook, holdFile, timeoutMs: 300 } : { hook }),
    hooks,
    holds,
    outage: async () => insteadAnswer(() => ({ status: 503, body: { errors: ['sealed'] } })),
    recovery: async () => insteadAnswer(null),
    trouble: async (kind, login) => {
      if (kind === 'gone') own.gone(login);
      const isOfLogin = ({ path }: ApiCall) => path.includes(encodeURIComponent(login));
      const other = troubles[kind] ?? answer;
      insteadAnswer((call) => (isOfLogin(call) ? other(call) : answer(call)));
    },
    close: async () => {
      await close();
      await remove();
    },
    ...own,
  };
}

async function apiWorld(text: (url: string) => string, saysVersion: boolean): Promise<SinkWorld> {
  const { answer, held, holding } = plainApi();
  return httpWorld(answer, text, {
    saysVersion,
    read: async (login) => held.get(login)?.password ?? null,
    spoil: async (login) => {
      held.set(login, { password: 'spoilt', version: null });
    },
    holds: async (login) => holding.has(login),
    gone: (login) => held.delete(login),
  });
}

async function vaultWorld(): Promise<SinkWorld> {
  const { answer, put, read } = vaultApi();
  return httpWorld(answer, () => recipe('vault'), {
    saysVersion: true,
    read: async (login) => (read(login)?.data?.password as string | undefined) ?? null,
    spoil: async (login) => put(login, { password: 'spoilt' }),
    gone: (login) => put(login, null),
  });
}

async function pastellWorld(): Promise<SinkWorld> {
  const { folder, common, hooks, remove } = ground();
  const file = join(folder, 'token');
  writeFileSync(file, 'jeton\n', { mode: 0o600 });
  const other = 'TECH_2_25900096600020@cpro.fr';
  const ids: Readonly<Record<string, number>> = { [LOGIN]: 34, [other]: 35 };
  const logins = Object.keys(ids);
  const pastell = await openPastell({
    users: [{ secret: 'jeton', entities: [3] }],
    connectors: Object.entries(ids).map(([user_login, id_ce]) => ({
      ...{ id_e: 3, id_ce, libelle: user_login, data: { user_login } },
    })),
  });
  const accounts = Object.fromEntries(
    Object.entries(ids).map(([login, id_ce]) => [login, { id_e: 3, id_ce }]),
  );
  const changes = { ...common, holdFile: null, logins, accounts, timeoutMs: 300 };
  const dataOf = (login: string) => (ids[login] === undefined ? {} : pastell.find(ids[login]).data);
  const troubles = {
    barred: { status: 401, body: { status: 'error' } },
    slow: 'never',
    lost: 'lost',
  } as const;
  return {
    sink: openSink(pastellSettings(pastell.url, { file }, changes), process.env),
    saysVersion: false,
    read: async (login) => dataOf(login).user_password ?? null,
    spoil: async (login) => {
      dataOf(login).user_password = 'spoilt';
    },
    hooks,
    holds: async (login) => dataOf(login).no_recup_facture === 'on',
    outage: async () => pastell.failAll(DOWN),
    recovery: async () => pastell.failAll(null),
    trouble: async (kind) =>
      pastell.failAll(kind in troubles ? troubles[kind as keyof typeof troubles] : null),
    close: async () => {
      await pastell.close();
      await remove();
    },
  };
}

sinkContract('the fake', fakeWorld);
sinkContract('a file', fileWorld, ['gone', 'barred']);
sinkContract('a file that is edited in place', keyedWorld);
sinkContract('a keyring', keyringWorld, ['barred']);
sinkContract('a program', commandWorld, ['gone', 'barred', 'slow', 'ignored', 'lost']);
sinkContract('an API', () => apiWorld(readable, true), ['gone', 'barred', 'slow', 'ignored', 'lost']);
sinkContract('an API that gives nothing back', () => apiWorld(unreadable, false), ['gone', 'slow', 'lost']);
sinkContract('Vault, by its recipe', vaultWorld, ['gone', 'barred', 'slow', 'ignored', 'lost']);
sinkContract('Pastell', pastellWorld, ['barred', 'slow', 'lost']);

describe('a screen that a person types into', () => {
  it('declares that nothing of ours reads, writes or holds there, and where a person does', async () => {
    const sink = openSink(manualSettings(), process.env);
    expect(sink).toMatchObject({ canHold: false, readsBack: false, hasHook: false });
    expect(sink.byHand).toEqual({ product: 'NOVA', place: 'NOVA › Paramètres › Chorus' });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'unreadable' });
    const written = await sink.write(content({ password: 'canary(Aa1bcd' }));
    expect(written).toEqual({
      ok: false,
      fault: 'sink sample: a person types the password in: releve task list',
    });
  });

  it('is told to hold by the ways that its settings give it', async () => {
    const { common, holds, remove } = ground();
    const sink = openSink(manualSettings({ holdFile: common.holdFile }), process.env);
    expect(sink.canHold).toBe(true);
    for (const on of [true, true, false, false]) {
      expect(await sink.hold(content(), { on })).toEqual({ ok: true });
      expect(await holds(LOGIN)).toBe(on);
    }
    await remove();
  });
});
