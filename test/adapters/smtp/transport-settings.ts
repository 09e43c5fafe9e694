// Settings of the mail transport for tests: short timeouts, and a server on this machine.
import type { SmtpSettings } from '../../../src/adapters/smtp/mail-transport.ts';

/** Settings for a server at a port of loopback, without TLS or log-in; `change` replaces what a test is about. */
export function settingsFor(port: number, change: Partial<SmtpSettings> = {}): SmtpSettings {
  return {
    host: '127.0.0.1',
    port,
    security: 'none',
    user: null,
    password: null,
    caPem: null,
    connections: 3,
    ratePerMinute: null,
    timeouts: { connect: 2_000, greeting: 2_000, socket: 2_000, overall: 5_000 },
    from: { name: 'Service informatique du SIAGEP', address: 'service.informatique@siagep90.fr' },
    replyTo: null,
    ehloName: 'releve.example.test',
    dkim: null,
    ...change,
  };
}
