// Opens a sink of any kind and adds what all kinds share: hook, hold file, faults that name the sink.
import { lstat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sink } from '../../domain/ports/sink.ts';
import type {
  HookResult,
  PasswordFacts,
  Publishable,
  SinkAccount,
  SinkResult,
} from '../../domain/rotation/sink-content.ts';
import { errorCode, syncFolder } from '../../foundation/trusted-file.ts';
import { commandDriver } from './command-sink.ts';
import { fileDriver } from './file-sink.ts';
import { faultOf, replaceFile } from './file-write.ts';
import { httpDriver } from './http-sink.ts';
import { pastellDriver } from './pastell-sink.ts';
import { childVariables, describeEnd, factsLine, runProgram } from './run-program.ts';
import { type SinkDriver, SinkFault, type SinkSettings, type Variables } from './settings.ts';
import { fillPath } from './template.ts';

/** Opens a sink. `variables` are those of the process: a few are passed on to programs. Nothing is read or written yet. */
export function openSink(settings: SinkSettings, variables: Variables): Sink {
  const driver = driverOf(settings, variables);
  const { name, kind, product, environment, logins, holdFile } = settings;
  return {
    name,
    kind,
    product,
    place: driver.place ?? name,
    adoption: settings.adoption,
    hasHook: settings.hook !== null,
    canHold: holdFile !== null || settings.hold !== null || driver.hold !== undefined,
    readsBack: driver.readsBack,
    byHand: settings.kind === 'manual' ? { product: settings.product, place: settings.place } : null,
    serves: (account) =>
      account.environment === environment && (logins === null || logins.includes(account.login)),
    compare: (content) => withFaults(settings, content, () => driver.compare(content)),
    write: (content) => withFaults(settings, content, () => driver.write(content)),
    hook: (content) => runHook(settings, variables, content),
    hold: (facts, wanted) =>
      withFaults<SinkResult>(settings, facts, async () => {
        if (holdFile !== null) await setHold(holdFile, facts, wanted);
        await driver.hold?.(facts, wanted);
        await runHoldProgram(settings, variables, facts, wanted);
        return { ok: true };
      }),
    ...abilitiesOf(driver, settings),
  };
}

/** What only some kinds can do. */
function abilitiesOf(driver: SinkDriver, settings: SinkSettings): Partial<Sink> {
  const { holdLimit, locksJobs, beforeHold, proof, discover } = driver;
  const { environment } = settings;
  return {
    ...(holdLimit === undefined ? {} : { holdLimit }),
    ...(locksJobs === undefined ? {} : { locksJobs }),
    ...(beforeHold && { beforeHold: (facts) => withFaults(settings, facts, () => beforeHold(facts)) }),
    // A fault that is thrown comes before the call.
    ...(proof && {
      proof: async (content) => {
        const result = await withFaults(settings, content, () => proof(content));
        if (result.ok) return result;
        return 'call' in result
          ? { ...result, fault: `sink ${settings.name}: ${result.fault}` }
          : { ...result, call: 'none' };
      },
    }),
    ...(discover && {
      discover: () =>
        withFaults(settings, { environment, login: '' }, async () => {
          return { ok: true as const, environment, accounts: await discover() };
        }),
    }),
  };
}

function driverOf(settings: SinkSettings, variables: Variables): SinkDriver {
  switch (settings.kind) {
    case 'file':
      return fileDriver(settings);
    case 'keyring':
      return {
        ...lazyDriver(async () => (await import('./keyring.ts')).keyringDriver(settings, variables)),
        place: `${settings.service}, ${settings.account}`,
      };
    case 'command':
      return commandDriver(settings, variables);
    case 'http':
      return httpDriver(settings, variables);
    case 'manual':
      return MANUAL;
    case 'pastell':
      return pastellDriver(settings, variables);
  }
}

/** A screen that a person types into: nothing can be read there, and nothing of ours writes it. */
const MANUAL: SinkDriver = {
  readsBack: false,
  compare: async () => ({ ok: true, state: 'unreadable' }),
  write: async () => {
    throw new SinkFault('a person types the password in: releve task list');
  },
};

/** A driver that is loaded at its first use: most installations have no keyring, and the D-Bus library takes memory. */
function lazyDriver(open: () => Promise<SinkDriver>): SinkDriver {
  let driver: Promise<SinkDriver> | null = null;
  const opened = () => {
    driver ??= open();
    return driver;
  };
  return {
    readsBack: true,
    compare: async (content) => (await opened()).compare(content),
    write: async (content) => (await opened()).write(content),
  };
}

/** Runs `work`; turns a SinkFault into a result that names the sink. */
async function withFaults<T>(
  settings: SinkSettings,
  account: Pick<SinkAccount, 'login' | 'environment'>,
  work: () => Promise<T>,
): Promise<T | { readonly ok: false; readonly fault: string }> {
  try {
    // The last check: whatever went wrong in the callers, nothing of one environment may ever get into the other.
    if (account.environment !== settings.environment) {
      throw new SinkFault(`${account.login} belongs to another environment`);
    }
    return await work();
  } catch (error) {
    if (error instanceof SinkFault) return { ok: false, fault: `sink ${settings.name}: ${error.message}` };
    throw error;
  }
}

async function runHook(
  settings: SinkSettings,
  variables: Variables,
  content: Publishable,
): Promise<HookResult> {
  const { hook, name } = settings;
  if (hook === null) return { ok: true, output: '' };
  const ran = await withFaults(settings, content, () =>
    runProgram(hook, {
      variables: childVariables(variables, name, content),
      secret: content.password.reveal(),
      input: null,
    }),
  );
  if ('fault' in ran) return { ...ran, output: '' };
  const { ending, output } = ran;
  if (ending.kind === 'exited' && ending.code === 0) return { ok: true, output };
  return { ok: false, fault: `sink ${name}: the hook failed: ${describeEnd(hook, ran)}`, output };
}

/** How long a program that holds a connector may run, in ms, where its sink has no time limit of its own. */
const HOLD_TIMEOUT_MS = 30_000;

/** Runs the program that makes the connector hold its calls, or resume them. Throws SinkFault. */
async function runHoldProgram(
  settings: SinkSettings,
  variables: Variables,
  facts: PasswordFacts,
  { on }: { readonly on: boolean },
): Promise<void> {
  const run = on ? settings.hold : settings.resume;
  if (run === null) return;
  const program = { run, timeoutMs: 'timeoutMs' in settings ? settings.timeoutMs : HOLD_TIMEOUT_MS };
  const ran = await runProgram(program, {
    variables: childVariables(variables, settings.name, facts),
    secret: null,
    input: factsLine(settings, facts),
  });
  if (ran.ending.kind === 'exited' && ran.ending.code === 0) return;
  throw new SinkFault(
    `the connector could not be told to ${on ? 'hold its calls' : 'go on'}: ${describeEnd(program, ran)}`,
  );
}

/** Everybody may read the hold file: it contains no secret. */
const MODE = 0o644;

/** Creates or removes the hold file; idempotent, and the file keeps the instant of its creation. Throws SinkFault. */
async function setHold(
  pattern: string,
  account: SinkAccount,
  { on }: { readonly on: boolean },
): Promise<void> {
  const path = fillPath(pattern, account);
  const { login, environment } = account;
  try {
    if ((await exists(path)) === on) return;
    if (on) {
      const since = Temporal.Now.instant().round('second').toString();
      const bytes = Buffer.from(`${JSON.stringify({ login, environment, since })}\n`);
      await replaceFile({ path, bytes, mode: MODE, uid: null, gid: null });
    } else {
      await unlink(path);
      await syncFolder(dirname(path));
    }
  } catch (error) {
    throw faultOf(error, path);
  }
}

/** A missing folder means no file: after a restart /run is empty, and nothing is on hold. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
