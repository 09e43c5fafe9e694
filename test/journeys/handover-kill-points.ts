// Every step of a handover into the outer world, numbered, and the place to die before, within or after each of them.
//
// A process that dies loses its memory and keeps its disk: so to die at a call that only reads is to die after the last
// step that changed something. Reads are named too, so that some of them can be tried.
import { appendFileSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import type { Database } from '../../src/adapters/database/database.ts';
import type { Sink } from '../../src/domain/ports/sink.ts';
import type { Changes } from '../../src/domain/rotation/rotation.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';

/** Notes that a step is reached, and dies there as by `kill -9` when it is the one asked for. */
export type Mark = (step: string) => void;

/** Names steps by what they do and how often they were reached; each is noted in a file before anything else. */
export function openMark(file: string, death: string | number | null): Mark {
  const reached = new Map<string, number>();
  let all = 0;
  return (step) => {
    const times = (reached.get(step) ?? 0) + 1;
    reached.set(step, times);
    all += 1;
    const name = `${step} ${times}`;
    appendFileSync(file, `${name}\n`);
    if (name === death || all === death) process.kill(process.pid, 'SIGKILL');
  };
}

/** What a move does, in a few words that two moves side by side do not share. */
function nameOf({ rotations, publications, holds, health }: Changes): string {
  const [publication, hold] = [publications[0], holds[0]];
  if (publication !== undefined && publications.length === 1) {
    return `publication ${publication.sink} ${publication.stage}${publication.touched ? ' touched' : ''}`;
  }
  if (rotations.length > 0) return `rotation ${rotations.map(({ stage }) => stage).join(' ')}`;
  if (hold !== undefined) {
    return `hold ${hold.sink} ${hold.wanted ? 'on' : 'off'} ${hold.lease === null ? 'settled' : 'claimed'}`;
  }
  if (health !== null) return `health ${health.state}${health.lease === null ? '' : ' claimed'}`;
  return 'note';
}

/** A database whose transactions can die when all is written and nothing is committed yet. */
export function deadlyDatabase(database: Database, mark: Mark, name: { now: string | null }): Database {
  return {
    ...database,
    change: (work) =>
      database.change(async (trx) => {
        const done = await work(trx);
        if (name.now !== null) mark(`${name.now}: within`);
        return done;
      }),
  };
}

/** The same world with a place to die at every call. `real` must be built over the deadly database of the same `name`. */
export function deadlyWorld(real: RotationPorts, mark: Mark, name: { now: string | null }): RotationPorts {
  const { rotations, platforms, seals, verifier: proof } = real;
  const read = <A extends unknown[], R>(what: string, call: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => {
      mark(`${what}: read`);
      return call(...args);
    };
  };
  return {
    ...real,
    rotations: {
      ...rotations,
      update: async (userId, decide) => {
        let mine: string | null = null;
        const answer = await rotations.update(userId, (aggregate) => {
          const turn = decide(aggregate);
          mine = turn.changes === null ? null : nameOf(turn.changes);
          name.now = mine;
          return turn;
        });
        if (mine !== null) mark(`${mine}: after`);
        return answer;
      },
      aggregate: read('book', rotations.aggregate),
      due: read('due', rotations.due),
      credential: read('credential', rotations.credential),
      inService: read('in service', rotations.inService),
      holding: read('holding', rotations.holding),
    },
    platforms: {
      ...platforms,
      update: async (environment, decide, at) => {
        name.now = 'platform';
        await platforms.update(environment, decide, at);
        mark('platform: after');
        name.now = null;
      },
    },
    seals: { ...seals, fingerprintKey: read('fingerprint key', seals.fingerprintKey) },
    verifier: { verify: around('proof', mark, proof.verify) },
    sinks: real.sinks.map((sink) => deadlySink(sink, mark)),
  };
}

/** The same call, with a place to die before it and one after it. */
function around<A extends unknown[], R>(what: string, mark: Mark, call: (...args: A) => Promise<R>) {
  return async (...args: A): Promise<R> => {
    mark(`${what}: before`);
    const done = await call(...args);
    mark(`${what}: after`);
    return done;
  };
}

function deadlySink(sink: Sink, mark: Mark): Sink {
  const at = (what: string) => `${what} ${sink.name}`;
  return {
    ...sink,
    compare: (content) => {
      mark(`${at('compare')}: read`);
      return sink.compare(content);
    },
    write: around(at('write'), mark, sink.write),
    hook: around(at('hook'), mark, sink.hook),
    hold: around(at('hold file'), mark, sink.hold),
  };
}

/** A new name in the sinks' folder: the content that appears under it. */
export type Appears = (file: string, content: string) => void;

/**
 * Places to die within the writing of a file: when the file aside is made and still empty, when it is whole and has not the
 * name yet, when it has. `appears` hears of every content in the moment before a connector can see it. The function it
 * gives puts everything back as it was.
 */
export function deadlyFiles(folder: string, mark: Mark, appears: Appears): () => void {
  const { open, rename, unlink } = fs;
  const isOurs = (path: unknown) => typeof path === 'string' && path.startsWith(folder);
  fs.open = async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    if (isOurs(path) && mode !== undefined) mark(`${placeOf(path)} aside: after`);
    return file;
  };
  fs.rename = async (from, to) => {
    if (!isOurs(to)) return rename(from, to);
    mark(`${placeOf(to)} named: before`);
    appears(basename(String(to)), readFileSync(String(from), 'utf8'));
    await rename(from, to);
    mark(`${placeOf(to)} named: after`);
  };
  fs.unlink = async (path) => {
    await unlink(path);
    if (isOurs(path)) mark(`${placeOf(path)} gone: after`);
  };
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { open, rename, unlink });
    syncBuiltinESMExports();
  };
}

/** `alpha`, `beta-hold`: what a file in the sinks' folder is for. */
function placeOf(path: unknown): string {
  return `file ${/\.((?:alpha|beta)(?:-hold)?)(?:\.releve-[\da-f]+)?$/.exec(String(path))?.[1] ?? '?'}`;
}
