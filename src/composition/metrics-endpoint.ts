// What the house tells machines: whether it is well, and its figures.
import { healthServer } from '../adapters/web/machines/health.ts';
import type { DoorCount } from '../adapters/web/machines/metrics.ts';
import { expiryOfUser } from '../domain/account/technical-user.ts';
import { isOut } from '../domain/platform/platform.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Daemon, Parts } from './daemon.ts';

/** The fleet as the metrics show it, page by page. */
async function* measuredUsers(parts: Parts, isProbed: boolean) {
  for await (const page of parts.fleetQueries.activeUsers()) {
    const inService = await parts.fleetQueries.inService(isProbed ? page.map(({ id }) => id) : []);
    yield page.map((user) => {
      const seen = inService.get(user.id);
      const isKnown = seen !== undefined && seen.state !== 'unasked';
      const expiry = expiryOfUser(user, parts.rules.validity);
      const { login, environment } = user;
      return {
        login,
        environment,
        siret: user.home.siret,
        source: expiry.source,
        expiresOn: expiry.on?.toString() ?? null,
        works: isKnown ? seen.state === 'working' : null,
        workedAt: seen?.workedAt ?? null,
      };
    });
  }
}

/** The local door for machines: health and figures. */
export function healthDoor(
  parts: Parts,
  watch: Daemon,
  clock: Clock,
  version: string,
  door: () => readonly DoorCount[] = () => [],
) {
  const { fleetQueries } = parts;
  return healthServer({
    now: () => clock.now().epochMilliseconds,
    state: async () => ({
      databaseWritable: await fleetQueries.proveWritable().then(
        () => true,
        () => false,
      ),
      lastTickAt: watch.lastTickAt,
      stopping: watch.stopping,
    }),
    metrics: async () => {
      const { waiting, oldestAt } = await fleetQueries.outboxState();
      const letters = await fleetQueries.lettersByOutcome();
      const now = clock.now().epochMilliseconds;
      const { lastTickAt } = watch;
      const rotations = await fleetQueries.rotationsByStage();
      const health = await fleetQueries.healthByState();
      const users = () => measuredUsers(parts, health.length > 0);
      const platforms = (await fleetQueries.platforms()).map((one) => ({ ...one, isOut: isOut(one) }));
      const measured = { users, letters, rotations, health, platforms, door: door(), version, now };
      return { ...measured, lastTickAt, oldestWaitingSince: oldestAt, waiting };
    },
  });
}
