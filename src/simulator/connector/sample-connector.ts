// A small invoice connector, for the demo and the tests: it reads its password from a file and downloads invoices.
import { access, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { type CallFault, type CallSettings, ConnectorCalls, REFUSED } from './connector-calls.ts';

type ConnectorState =
  | 'starting'
  | 'working'
  /** The hold marker is there: no call is made. */
  | 'holding'
  /** No file, or one that cannot be read. */
  | 'no-credentials'
  /** Login or password refused: nothing is sent again until the file changes. */
  | 'refused'
  /** Anything else failed: tried again in the next round. */
  | 'failing';

/** The connector's state and counters; instants and spans in ms, null when there was none. */
export interface ConnectorReport {
  readonly state: ConnectorState;
  /** What failed, in English, without any password; null when nothing did. */
  readonly detail: string | null;
  readonly login: string | null;
  readonly goodRounds: number;
  readonly refusals: number;
  readonly failures: number;
  readonly downloads: number;
  readonly lastGoodAt: number | null;
  /** The last gap: from the last successful round before a hold or a failure to the next successful one. */
  readonly gapMs: number | null;
}

export interface ConnectorSettings extends CallSettings {
  /** A JSON file with at least `login` and `password`; read before each round. */
  readonly credentialsFile: string;
  /** While this file exists, no call is made; null for no such file. */
  readonly holdFile: string | null;
  /** From the end of one round to the next, in ms. */
  readonly everyMs: number;
  readonly now?: () => number;
  /** Called when the state changes, and after each successful round. */
  readonly onEvent?: (report: ConnectorReport) => void;
}

export interface SampleConnector {
  report(): ConnectorReport;
  /** Ends the current round and starts no other; resolves when nothing runs any more. */
  stop(): Promise<void>;
}

const Credentials = z.object({ login: z.string().min(1), password: z.string().min(1) });
type Credentials = z.infer<typeof Credentials>;

export function startSampleConnector(settings: ConnectorSettings): SampleConnector {
  const stopping = new AbortController();
  const rounds = new Rounds(settings, stopping.signal);
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await rounds.one();
      await wait(settings.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    report: () => rounds.report,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

class Rounds {
  report: ConnectorReport = {
    state: 'starting',
    detail: null,
    login: null,
    goodRounds: 0,
    refusals: 0,
    failures: 0,
    downloads: 0,
    lastGoodAt: null,
    gapMs: null,
  };
  readonly #settings: ConnectorSettings;
  readonly #stopping: AbortSignal;
  readonly #calls: ConnectorCalls;
  readonly #now: () => number;
  #refused: Credentials | null = null;

  constructor(settings: ConnectorSettings, stopping: AbortSignal) {
    this.#settings = settings;
    this.#stopping = stopping;
    this.#now = settings.now ?? Date.now;
    this.#calls = new ConnectorCalls(settings, stopping, this.#now);
  }

  /** One round: check for the hold marker, read the file, search, download one invoice. */
  async one(): Promise<void> {
    const { holdFile, credentialsFile } = this.#settings;
    if (holdFile !== null && (await exists(holdFile))) return this.#setState('holding', null);
    const known = await readCredentials(credentialsFile);
    if (known === null) return this.#setState('no-credentials', 'no readable credentials file');
    if (isSame(known, this.#refused)) return this.#setState('refused', REFUSED);
    this.report = { ...this.report, login: known.login };
    const ended = await this.#calls.receive(known, this.report.downloads);
    // A round that stopping cut short says nothing about Chorus Pro.
    if (this.#stopping.aborted) return;
    if (ended.ok) this.#succeed(ended.downloaded);
    else this.#fail(known, ended);
  }

  #succeed(downloaded: number): void {
    const { state, lastGoodAt, gapMs, goodRounds, downloads } = this.report;
    const at = this.#now();
    const endsGap = lastGoodAt !== null && state !== 'working';
    this.report = {
      ...this.report,
      state: 'working',
      detail: null,
      goodRounds: goodRounds + 1,
      downloads: downloads + downloaded,
      lastGoodAt: at,
      gapMs: endsGap ? at - lastGoodAt : gapMs,
    };
    this.#refused = null;
    this.#settings.onEvent?.(this.report);
  }

  #fail(known: Credentials, { kind, detail }: CallFault): void {
    const { refusals, failures } = this.report;
    if (kind === 'refused') {
      this.#refused = known;
      this.report = { ...this.report, refusals: refusals + 1 };
    } else this.report = { ...this.report, failures: failures + 1 };
    this.#setState(kind, detail);
  }

  #setState(state: ConnectorState, detail: string | null): void {
    const isNews = state !== this.report.state || detail !== this.report.detail;
    this.report = { ...this.report, state, detail };
    if (isNews) this.#settings.onEvent?.(this.report);
  }
}

function isSame(one: Credentials, other: Credentials | null): boolean {
  return one.login === other?.login && one.password === other.password;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Null when the file is missing or malformed: its writer will write it again. */
async function readCredentials(path: string): Promise<Credentials | null> {
  try {
    const read = Credentials.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
