// Reads a scenario from YAML, reports all its faults at once, and turns it into the settings of a simulator.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { ServerTls } from '../local-server.ts';
import type { SimulatorSettings } from '../simulator.ts';
import { type Scenario, ScenarioFile, scheduleOf, seedsOf, USUAL_PORTS } from './schema.ts';

/** One fault of a scenario: where it is, and what would be right. Never a value. */
export interface ScenarioProblem {
  /** As in `accounts[1].login`; empty for the whole. */
  readonly path: string;
  /** From 1; null where no line of the text is at fault. */
  readonly line: number | null;
  readonly words: string;
}

/** A scenario that cannot be used; the message names every fault on a line of its own. */
export class ScenarioError extends Error {
  readonly faults: readonly ScenarioProblem[];

  constructor(file: string, faults: readonly ScenarioProblem[]) {
    const lines = faults.map(({ path, line, words }) => {
      const place = [path, line === null ? '' : `(line ${line})`].filter((part) => part !== '').join(' ');
      return `  ${place === '' ? '' : `${place}: `}${words}`;
    });
    super(`${file}: the scenario has ${faults.length} fault(s):\n${lines.join('\n')}`);
    this.name = 'ScenarioUnfit';
    this.faults = faults;
  }
}

/** Reads a scenario's text; messages call it `file`. Throws ScenarioError. */
export function readScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [unread] = document.errors;
  if (unread !== undefined) {
    const line = lines.linePos(unread.pos[0]).line;
    // The parser's own message may quote the text.
    throw new ScenarioError(file, [{ path: '', line, words: `is no YAML (${unread.code})` }]);
  }
  const lineOf = (path: readonly PropertyKey[]): number | null => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number] | null } | undefined;
      if (node?.range != null) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new ScenarioError(file, [
      { path: '', line: null, words: 'right would be aliases of what stands before them, 100 at most' },
    ]);
  }
  const read = ScenarioFile.safeParse(raw);
  const issues = [...(read.success ? [] : read.error.issues), ...clashes(raw)];
  if (read.success && issues.length === 0) return read.data;
  throw new ScenarioError(
    file,
    issues.map(({ path, message, ...issue }) => {
      // The line of an unknown key is its own, not that of its parent.
      const [key] = 'keys' in issue ? (issue.keys as string[]) : [];
      const line = lineOf(key === undefined ? path : [...path, key]);
      return { path: pathOf(path), line, words: message };
    }),
  );
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** `accounts[1].login` */
export function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

type Entry = Readonly<Record<string, unknown>>;

/** Faults that only several parts together show; each part may also be wrong in itself. */
function clashes(raw: unknown): readonly Issue[] {
  const keyOf = ({ login, environment }: Entry) => `${environment} ${login}`;
  const accounts = entriesOf(raw, 'accounts');
  const known = new Set(accounts.map(([, account]) => keyOf(account)));
  const logins = new Set(accounts.map(([, { login }]) => login));
  const isNew = (account: Entry) => known.delete(keyOf(account));
  const all = new Set(known);
  return [
    ...accounts
      .filter(([, account]) => account.login !== undefined && !isNew(account))
      .map(([at]) => issue(['accounts', at, 'login'], 'each account of a world once')),
    ...entriesOf(raw, 'schedule')
      .filter(([, one]) => one.login !== undefined && !all.has(keyOf(one)))
      .map(([at]) => issue(['schedule', at, 'login'], 'the login of an account of its world')),
    ...entriesOf(raw, 'faults')
      .filter(([, { login }]) => login !== undefined && !logins.has(login))
      .map(([at]) => issue(['faults', at, 'login'], 'the login of an account')),
    ...(arePortsApart(raw) ? [] : [issue(['ports'], 'a port of its own for each door')]),
  ];
}

function issue(path: readonly PropertyKey[], right: string): Issue {
  return { path: [...path], message: `right would be ${right}` };
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The items of a list that are objects, with their indexes. */
function entriesOf(raw: unknown, key: string): readonly (readonly [number, Entry])[] {
  const list = isEntry(raw) ? raw[key] : null;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown, at) => (isEntry(one) ? [[at, one] as const] : []));
}

function arePortsApart(raw: unknown): boolean {
  const given = isEntry(raw) && isEntry(raw.ports) ? raw.ports : {};
  const ports: Entry = { ...USUAL_PORTS, ...given };
  const taken = Object.values(ports).filter((port) => port !== 0);
  return new Set(taken).size === taken.length;
}

/** The settings of a simulator, for a start in ms; the certificate has been read already. */
export function settingsOf(scenario: Scenario, start: number, tls: ServerTls | null): SimulatorSettings {
  const { host, ports, seed, application, lockout, settling, validity, tokenLife } = scenario;
  return {
    accounts: seedsOf(scenario, start),
    ...application,
    host,
    ports,
    seed,
    ...(tls === null ? {} : { tls }),
    lockout: { failures: lockout.failures, ms: lockout.for },
    settlingMs: settling,
    validity,
    tokenLifeS: tokenLife / 1000,
    healthCheckAsksLogin: scenario.healthCheckAsksLogin,
    // Maintenance comes first: during it no other fault applies.
    faults: [...scenario.maintenance, ...scenario.faults].map((rule) => rule(start)),
    schedule: scheduleOf(scenario, start),
  };
}

/** Reads the certificate that a scenario names, beside its file; null when it names none. Throws ScenarioError. */
export function readTls({ tls }: Scenario, file: string): ServerTls | null {
  if (tls === undefined) return null;
  const faults: ScenarioProblem[] = [];
  const read = (key: 'cert' | 'key'): string => {
    try {
      return readFileSync(resolve(dirname(file), tls[key]), 'utf8');
    } catch {
      faults.push({ path: `tls.${key}`, line: null, words: 'right would be a PEM file that can be read' });
      return '';
    }
  };
  const both = { cert: read('cert'), key: read('key') };
  if (faults.length > 0) throw new ScenarioError(file, faults);
  try {
    createSecureContext(both);
  } catch {
    const words = 'right would be a certificate and the key that belongs to it, both PEM';
    throw new ScenarioError(file, [{ path: 'tls', line: null, words }]);
  }
  return both;
}
