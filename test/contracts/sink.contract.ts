// The contract that every sink fulfils, the fake and the real ones.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink } from '../../src/domain/ports/sink.ts';
import { content, LOGIN } from '../adapters/sinks/samples.ts';

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
  close(): Promise<void>;
}

export function sinkContract(name: string, open: () => Promise<SinkWorld>): void {
  describe(name, () => {
    let ports: SinkWorld;
    beforeAll(async () => {
      ports = await open();
    });
    afterAll(() => ports.close());
    const other = (version: number | null) => ({
      ok: true,
      state: 'different',
      version: ports.saysVersion ? version : null,
    });

    it('differs before the first write, holds what was written, and is the same then', async () => {
      const { sink } = ports;
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
      expect(await sink.write(content({ password: 'aB3(xyzKLm9_' }))).toEqual({ ok: true });
      expect(await ports.read(LOGIN)).toBe('aB3(xyzKLm9_');
      expect(await sink.compare(content({ password: 'aB3(xyzKLm9_' }))).toEqual({ ok: true, state: 'same' });
      expect(await sink.compare(content({ password: 'aB3(xyzKLm9-' }))).toEqual(other(3));
    });

    it('replaces what it holds, and keeps accounts apart', async () => {
      const { sink } = ports;
      const other = content({ login: 'TECH_2_25900096600020@cpro.fr', password: 'other(Aa1bcd' });
      await sink.write(content({ password: 'first(Aa1bcd' }));
      await sink.write(other);
      await sink.write(content({ password: 'second(Aa1bcd' }));
      expect(await ports.read(LOGIN)).toBe('second(Aa1bcd');
      expect(await ports.read(other.login)).toBe('other(Aa1bcd');
    });

    it('says the version of something newer', async () => {
      const { sink } = ports;
      await sink.write(content({ version: 12 }));
      expect(await sink.compare(content({ password: 'older(Aa1bcd' }))).toEqual(other(12));
    });

    it('sees that somebody has spoilt it, and mends it', async () => {
      const { sink } = ports;
      await sink.write(content());
      await ports.spoil(LOGIN);
      expect(await sink.compare(content())).toEqual(other(null));
      expect(await sink.write(content())).toEqual({ ok: true });
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    });

    it('says what is wrong when it cannot be written, without the password, and works again afterwards', async () => {
      const { sink } = ports;
      await ports.outage();
      const written = await sink.write(content({ password: 'canary(Aa1bcd' }));
      expect(written.ok).toBe(false);
      expect(JSON.stringify(written)).not.toContain('canary(Aa1bcd');
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
      for (const on of [true, true, false, false]) {
        expect(await sink.hold(content(), { on })).toEqual({ ok: true });
        expect(await ports.holds(LOGIN)).toBe(on);
      }
    });
  });
}
