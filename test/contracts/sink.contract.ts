// The contract that every sink fulfils, the fake and the real ones: what all promise, and a row for each trouble that a kind can have.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink } from '../../src/domain/ports/sink.ts';
import { content, LOGIN } from '../adapters/sinks/samples.ts';

/**
 * What can go wrong around a kind. `gone`: what was written is removed. `barred`: the place cannot be looked at. `slow`: there is no answer
 * within the time limit. `ignored`: a write is answered with success and changes nothing. `lost`: a write takes effect, and its answer is lost.
 */
export type SinkTrouble = 'gone' | 'barred' | 'slow' | 'ignored' | 'lost';

/** A sink with the world around it that the promises need. */
export interface SinkWorld {
  readonly sink: Sink;
  /** Whether what it holds says its version. */
  readonly saysVersion: boolean;
  /** What a connector reads there for a login; null when there is nothing. */
  read(login: string): Promise<string | null>;
  /** Somebody else spoils what is there. */
  spoil(login: string): Promise<void>;
  /** How often the hook ran. */
  hooks(): Promise<number>;
  /** Whether the connector of a login must hold its calls. */
  holds(login: string): Promise<boolean>;
  /** Nothing can be written any more; then it can again. */
  outage(): Promise<void>;
  recovery(): Promise<void>;
  /** Makes a trouble that the kind declares, for one login; `recovery` ends it. */
  trouble?(kind: SinkTrouble, login: string): Promise<void>;
  close(): Promise<void>;
}

/** Runs the contract; `troubles` are those that the kind can have. */
export function sinkContract(
  name: string,
  open: () => Promise<SinkWorld>,
  troubles: readonly SinkTrouble[] = [],
): void {
  describe(name, () => {
    let ports: SinkWorld;
    beforeAll(async () => {
      ports = await open();
    });
    afterAll(() => ports.close());
    /** A state where the sink reads back; one that does not knows nothing. */
    const shown = (state: string, more: object = {}) =>
      ports.sink.readsBack ? { ok: true, state, ...more } : { ok: true, state: 'unreadable' };
    const other = (version: number | null) =>
      shown('different', { version: ports.saysVersion ? version : null });
    const tells = (result: { ok: boolean }, password: string) => {
      expect(result.ok).toBe(false);
      expect(result).toHaveProperty('fault', expect.stringMatching(/./));
      expect(JSON.stringify(result)).not.toContain(password);
    };

    it('differs before the first write, holds what was written, and is the same then', async () => {
      const { sink } = ports;
      expect(await sink.compare(content())).toEqual(shown('absent'));
      expect(await sink.write(content({ password: 'aB3(xyzKLm9_' }))).toEqual({ ok: true });
      expect(await ports.read(LOGIN)).toBe('aB3(xyzKLm9_');
      expect(await sink.compare(content({ password: 'aB3(xyzKLm9_' }))).toEqual(shown('same'));
      expect(await sink.compare(content({ password: 'aB3(xyzKLm9-' }))).toEqual(other(3));
    });

    it('replaces what it holds, and keeps accounts apart, at the same time too', async () => {
      const { sink } = ports;
      const other = content({ login: 'TECH_2_25900096600020@cpro.fr', password: 'other(Aa1bcd' });
      await sink.write(content({ password: 'first(Aa1bcd' }));
      expect(await sink.compare(other)).toEqual(shown('absent'));
      await Promise.all([sink.write(other), sink.write(content({ password: 'second(Aa1bcd' }))]);
      expect(await ports.read(LOGIN)).toBe('second(Aa1bcd');
      expect(await ports.read(other.login)).toBe('other(Aa1bcd');
    });

    it('is given nothing of the other environment', async () => {
      const login = 'TECH_3_25900096600020@cpro.fr';
      const foreign = content({ login, environment: 'qualification', password: 'foreign(Aa1bcd' });
      for (const result of [await ports.sink.compare(foreign), await ports.sink.write(foreign)])
        tells(result, 'foreign(Aa1bcd');
      expect(await ports.read(login)).toBeNull();
    });

    it('two writes of one account at the same time leave one of the two, whole', async () => {
      const { sink } = ports;
      const both = [content({ password: 'left(Aa1bcde' }), content({ password: 'right(Aa1bcd' })];
      const written = await Promise.all(both.map((one) => sink.write(one)));
      expect(written).toContainEqual({ ok: true });
      const read = await ports.read(LOGIN);
      expect(both.map(({ password }) => password.reveal())).toContain(read);
      expect(await sink.compare(content({ password: read ?? '' }))).toEqual(shown('same'));
    });

    it('says the version of something newer; where it keeps none, the one that was written last counts', async () => {
      const { sink } = ports;
      await sink.write(content({ version: 12 }));
      expect(await sink.compare(content({ password: 'older(Aa1bcd' }))).toEqual(other(12));
      await ports.spoil(LOGIN);
      expect(await sink.write(content({ version: 4, password: 'last(Aa1bcde' }))).toEqual({ ok: true });
      expect(await ports.read(LOGIN)).toBe('last(Aa1bcde');
    });

    it('sees that somebody has spoilt it, and mends it', async () => {
      const { sink } = ports;
      await sink.write(content());
      await ports.spoil(LOGIN);
      expect(await sink.compare(content())).toEqual(other(null));
      expect(await sink.write(content())).toEqual({ ok: true });
      expect(await sink.compare(content())).toEqual(shown('same'));
    });

    it('says what is wrong when it cannot be written, without the password, and works again afterwards', async () => {
      const { sink } = ports;
      await ports.outage();
      tells(await sink.write(content({ password: 'canary(Aa1bcd' })), 'canary(Aa1bcd');
      await ports.recovery();
      expect(await sink.write(content({ password: 'after(Aa1bcd' }))).toEqual({ ok: true });
      expect(await ports.read(LOGIN)).toBe('after(Aa1bcd');
    });

    it('runs its hook when it is asked to, each time', async () => {
      const { sink } = ports;
      expect(sink.hasHook).toBe(true);
      const before = await ports.hooks();
      expect(await sink.hook(content())).toMatchObject({ ok: true });
      expect(await sink.hook(content())).toMatchObject({ ok: true });
      expect((await ports.hooks()) - before).toBe(2);
    });

    it('tells the connector to hold and to go on; twice is as good as once', async () => {
      const { sink } = ports;
      expect(sink.canHold).toBe(true);
      // What a hold overwrites is read before it, and given back at its end.
      const read = await sink.beforeHold?.(content());
      const before = read?.ok === true ? read.before : null;
      for (const on of [true, true, false, false]) {
        expect(await sink.hold(content(), { on, before })).toEqual({ ok: true });
        expect(await ports.holds(LOGIN)).toBe(on);
        expect(await ports.holds('TECH_2_25900096600020@cpro.fr')).toBe(false);
      }
    });

    const ROWS: Readonly<
      Record<SinkTrouble, readonly [string, (fresh: ReturnType<typeof content>) => Promise<void>]>
    > = {
      gone: [
        'says that nothing is there, and writes it again',
        async (fresh) => {
          expect(await ports.sink.compare(fresh)).toEqual(shown('absent'));
          expect(await ports.sink.write(fresh)).toEqual({ ok: true });
          expect(await ports.read(LOGIN)).toBe(fresh.password.reveal());
        },
      ],
      barred: [
        'says that it cannot look, and not that anything is there or is not',
        async (fresh) => tells(await ports.sink.compare(fresh), fresh.password.reveal()),
      ],
      slow: [
        'ends within its time limit, and says so',
        async (fresh) => {
          const written = await ports.sink.write(fresh);
          tells(written, fresh.password.reveal());
          expect(JSON.stringify(written)).toMatch(/slow|did not end within/);
        },
      ],
      ignored: [
        'does not take the word of a write that changed nothing',
        async (fresh) => {
          tells(await ports.sink.write(fresh), fresh.password.reveal());
          expect(await ports.read(LOGIN)).not.toBe(fresh.password.reveal());
        },
      ],
      lost: [
        'finds what was written although its answer was lost',
        async (fresh) => {
          tells(await ports.sink.write(fresh), fresh.password.reveal());
          await ports.recovery();
          expect(await ports.sink.compare(fresh)).toEqual(shown('same'));
        },
      ],
    };
    it.each(troubles.map((kind) => [kind, ROWS[kind][0]] as const))('%s: %s', async (kind) => {
      const { sink } = ports;
      const neighbour = content({ login: 'TECH_2_25900096600020@cpro.fr', password: 'other(Aa1bcd' });
      const fresh = content({ password: `${kind}(Aa1bcd` });
      expect(await sink.write(content())).toEqual({ ok: true });
      await ports.trouble?.(kind, LOGIN);
      await ROWS[kind][1](fresh);
      await ports.recovery();
      expect(await ports.read(neighbour.login)).toBe('other(Aa1bcd');
      expect(await sink.write(fresh)).toEqual({ ok: true });
      expect(await ports.read(LOGIN)).toBe(fresh.password.reveal());
    });
  });
}
