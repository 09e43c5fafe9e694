// Runs the simulator: reads a scenario, opens its servers, prints their addresses, and closes them at a signal.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { table } from '../../content/terminal/formats.ts';
import { textOf } from '../../foundation/text.ts';
import { CHECKOUT, errorCode } from '../../foundation/trusted-file.ts';
import type { ChorusAccount } from '../../simulator/chorus-pro/events.ts';
import { readScenario, readTls, ScenarioError } from '../../simulator/scenario/scenario.ts';
import type { Scenario } from '../../simulator/scenario/schema.ts';
import { openStandalone, type Standalone } from '../../simulator/standalone.ts';
import { CommandError, EXIT, say } from '../../system/terminal.ts';
import { stopSignal } from '../runtime.ts';

/** What was asked for on the command line, read; null is what the scenario says. */
export interface SimulatorOptions {
  readonly scenario: string | null;
  readonly ports: Readonly<Record<'production' | 'qualification' | 'portal' | 'control', number | null>>;
  readonly log: string | null;
  /** Where letters go; null: no mail server. */
  readonly mail: { readonly folder: string; readonly port: number } | null;
  readonly json: boolean;
}

/** The scenario that is played where none is named. */
const EMBEDDED = join(CHECKOUT, 'config', 'simulator', 'default.yaml');

/** Plays a scenario until a signal asks for the end. Throws CommandError. */
export async function runSimulator(options: SimulatorOptions): Promise<void> {
  const file = options.scenario ?? EMBEDDED;
  const played = await open(file, options);
  const { scenario, standalone } = played;
  await using opened = new AsyncDisposableStack();
  opened.defer(() => standalone.close());
  const asked = stopSignal();
  const mail = await openMail(options);
  opened.defer(() => mail?.close());
  const mailPort = mail?.port ?? null;
  say(
    options.json
      ? JSON.stringify({ ...startLine(file, played), mailPort })
      : startPage(file, scenario, standalone, mailPort),
  );
  await asked;
}

/** The mail server, where a folder for letters is named; its parts are loaded only then. */
async function openMail({ mail, log, json }: SimulatorOptions) {
  if (mail === null) return null;
  const { openMailFolder } = await import('../../simulator/mail-catcher.ts');
  const onLetter = (file: string, subject: string) => {
    if (!json) say(`${relative(process.cwd(), file)}  ${subject}`);
  };
  try {
    return await openMailFolder(mail.folder, mail.port, (path, { subject }) => onLetter(path, subject));
  } catch (error) {
    throw commandErrorOf(error, log);
  }
}

interface Played {
  readonly scenario: Scenario;
  readonly standalone: Standalone;
}

async function open(file: string, { ports, log }: SimulatorOptions): Promise<Played> {
  try {
    const read = readScenario(scenarioText(file), file);
    const wished = Object.entries(ports).filter(([, port]) => port !== null);
    const scenario: Scenario = { ...read, ports: { ...read.ports, ...Object.fromEntries(wished) } };
    const standalone = await openStandalone({
      scenario,
      tls: readTls(scenario, file),
      logFile: log,
      onLogFault: ({ message }) => process.stderr.write(`releve: the log cannot be written: ${message}\n`),
    });
    return { scenario, standalone };
  } catch (error) {
    throw commandErrorOf(error, log);
  }
}

function scenarioText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new CommandError(EXIT.wrongUse, `--scenario: ${file} cannot be read (${code})`);
  }
  const read = textOf(bytes);
  if ('text' in read) return read.text;
  const { at, found, remedy } = read;
  throw new CommandError(EXIT.wrongUse, `--scenario: ${file}${at} ${found}; right would be ${remedy}`);
}

function commandErrorOf(error: unknown, log: string | null): unknown {
  if (error instanceof ScenarioError) return new CommandError(EXIT.wrongUse, error.message);
  if (!(error instanceof Error)) return error;
  const { code, syscall, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (syscall === 'getaddrinfo' || code === 'EADDRNOTAVAIL')
    return new CommandError(EXIT.wrongUse, `host: ${code}; right would be an address of this machine`);
  if (syscall === 'listen')
    return new CommandError(
      EXIT.failed,
      `port ${port}: ${code}; --port-… or ports: in the scenario name another`,
    );
  if (syscall === 'open') return new CommandError(EXIT.wrongUse, `--log: ${log} cannot be written (${code})`);
  return error;
}

/** How an account stands, in a word or two. */
function stateOf(account: ChorusAccount, { simulator }: Standalone): string {
  const { lockedUntil } = simulator.accounts.lockStateOf(account);
  const today = Temporal.Now.plainDateISO('Europe/Paris').toString();
  if (account.disabled === true) return 'disabled';
  if (lockedUntil !== null) return 'locked';
  if (account.expiresOn !== null && account.expiresOn < today) return 'expired';
  if (simulator.accounts.isTooNew(account)) return 'too new';
  if (!account.entitled) return 'not entitled';
  return account.further.length > 0 ? `good, ${account.further.length + 1} structures` : 'good';
}

function startLine(file: string, { scenario, standalone }: Played): object {
  const { simulator, controlUrl } = standalone;
  return {
    ...simulator.urls,
    portalUrl: simulator.portalUrl,
    controlUrl: `${controlUrl}/_simulator`,
    clientId: scenario.application.clientId,
    scenario: file,
    seed: scenario.seed,
    accounts: simulator.accounts.list().map((account) => ({
      login: account.login,
      environment: account.environment,
      siret: account.home.siret,
      structure: account.home.name,
      expiresOn: account.expiresOn,
      state: stateOf(account, standalone),
    })),
  };
}

function startPage(
  file: string,
  { application, seed, faults }: Scenario,
  standalone: Standalone,
  mailPort: number | null,
): string {
  const { simulator, controlUrl } = standalone;
  const { production, qualification } = simulator.urls;
  const accounts = simulator.accounts
    .list()
    .map((account) => [
      account.environment,
      account.login,
      account.home.name,
      account.expiresOn ?? 'never',
      stateOf(account, standalone),
    ]);
  const shown = relative(process.cwd(), file);
  return [
    table(
      ['DOOR', 'ADDRESS'],
      [
        ['production, token', production.tokenUrl],
        ['production, API', `${production.apiUrl}/cpro/…`],
        ['qualification, token', qualification.tokenUrl],
        ['qualification, API', `${qualification.apiUrl}/cpro/…`],
        ['portal', `${simulator.portalUrl}/`],
        ['control', `${controlUrl}/_simulator/…`],
        ...(mailPort === null ? [] : [['mail', `127.0.0.1:${mailPort}`]]),
      ],
    ),
    '',
    table(['WORLD', 'LOGIN', 'STRUCTURE', 'EXPIRES', 'STATE'], accounts),
    '',
    `Client id ${application.clientId}; ${faults.length} fault(s) planned, seed ${seed}.`,
    `Passwords and client secret: ${shown.startsWith('..') ? file : shown}`,
    'SIGTERM or Ctrl-C ends it.',
  ].join('\n');
}
