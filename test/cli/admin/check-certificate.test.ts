// The door's own certificate as `releve check` looks at it, with certificates that openssl makes.
import { expect, test } from 'vitest';
import { certificateFinding } from '../../../src/cli/admin/check-network.ts';
import { makeCertificate } from '../../rig/certificate.ts';

test('good, near its end, over, not begun, for another name, with another key, or no certificate at all', async () => {
  const own = await makeCertificate(['DNS:releve.commune.test', 'IP:127.0.0.1']);
  const other = await makeCertificate(['DNS:releve.commune.test']);
  // A certificate begins with the second it is made in.
  const NOW = Temporal.Now.instant();
  const days = (count: number) => NOW.add({ hours: 24 * count });
  const url = 'https://releve.commune.test/';
  const cases = [
    [own, url, NOW, 'ok', 'releve.commune.test, until 20'],
    [own, 'https://127.0.0.1:8480', NOW, 'ok', '127.0.0.1'],
    [own, url, days(3640), 'look', 'until'],
    [own, url, days(3660), 'fault', 'expired'],
    [own, url, days(-2), 'fault', 'not valid before'],
    [own, 'https://other.commune.test', NOW, 'fault', 'not made for other.commune.test'],
    [{ ...own, key: other.key }, url, NOW, 'fault', 'the key of another certificate'],
    [{ ...own, cert: 'nothing' }, url, NOW, 'fault', 'not a certificate with its key'],
    [{ ...own, key: 'nothing' }, url, NOW, 'fault', 'not a certificate with its key'],
  ] as const;
  for (const [tls, address, now, state, found] of cases) {
    const finding = certificateFinding(tls, address, now);
    expect({ found, state: finding.state }).toEqual({ found, state });
    expect(finding.found).toContain(found);
    expect(finding.todo === '').toBe(state === 'ok');
  }
});
