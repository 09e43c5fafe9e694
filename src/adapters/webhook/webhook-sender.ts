// Sends an event to the webhook: CloudEvents 1.0 in JSON, or the body of a template, signed by Standard Webhooks.
import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { severityOf } from '../../domain/notification/webhook-event.ts';
import type { EventMessage, WebhookAnswer, WebhookSender } from '../../domain/ports/webhook.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { codeOfCall, proxyEnvOf } from '../../foundation/proxy.ts';
import { type EVENT_NAMES, insideQuotes, PLACE } from '../../foundation/sink-template.ts';

export interface WebhookSettings {
  readonly url: string;
  /** Of Standard Webhooks (`whsec_…`); each signs, so that a receiver may know the one or the other. */
  readonly secrets: readonly Secret[];
  /** Authorities to trust instead of the system's, in PEM. */
  readonly caPem: string | null;
  /** A template in JSON; null for CloudEvents. */
  readonly body: string | null;
  /** Which installation speaks, as CloudEvents call it. */
  readonly source: string;
  /** For the whole call, from the name's resolution to the status, in ms. */
  readonly timeoutMs: number;
}

/** Opens the webhook; a call that is under way when `stop` is aborted ends at once. */
export function openWebhookSender(settings: WebhookSettings, stop: AbortSignal): WebhookSender {
  return {
    send: async (message, now) => {
      const body =
        settings.body === null ? cloudEvent(message, settings) : filled(settings.body, message, settings);
      const headers = {
        'User-Agent': 'releve',
        'Content-Type':
          settings.body === null ? 'application/cloudevents+json; charset=utf-8' : 'application/json',
        ...signature(settings.secrets, { id: message.id, now, body }),
      };
      return post(settings, { headers, body }, stop);
    },
    connect: () => connect(settings, stop),
  };
}

/** The headers of Standard Webhooks. */
function signature(
  secrets: readonly Secret[],
  { id, now, body }: { readonly id: string; readonly now: number; readonly body: string },
) {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

type Facts = Readonly<Record<(typeof EVENT_NAMES)[number], string>>;

function factsOf(message: EventMessage, { source }: Pick<WebhookSettings, 'source'>): Facts {
  const { id, type, at, summary, environment, login, siret } = message;
  const time = Temporal.Instant.fromEpochMilliseconds(at).toString();
  const account = { environment: environment ?? '', login: login ?? '', siret: siret ?? '' };
  return { id, type: `releve.${type}`, time, source, severity: severityOf(type), summary, ...account };
}

/** Structured mode: the whole event is the body. */
function cloudEvent(message: EventMessage, settings: WebhookSettings): string {
  const { id, type, time, source, severity, summary } = factsOf(message, settings);
  const { environment, login, siret } = message;
  return JSON.stringify({
    specversion: '1.0',
    ...{ id, source, type, time },
    ...(login === null ? {} : { subject: login }),
    datacontenttype: 'application/json',
    data: { severity, summary, environment, login, siret },
  });
}

function filled(template: string, message: EventMessage, settings: WebhookSettings): string {
  const facts: Readonly<Record<string, string>> = factsOf(message, settings);
  return template.replaceAll(PLACE, (_, name: string) => insideQuotes(facts[name] ?? ''));
}

/** Calls once; follows no redirect, and reads nothing of the answer but its status. */
function post(
  settings: WebhookSettings,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  stop: AbortSignal,
): Promise<WebhookAnswer> {
  const failed = (failure: string): WebhookAnswer => ({ status: null, failure, retryAfterMs: null });
  return called(settings, { headers, stop, failed }, (request, resolve) => {
    request.on('response', (response) => {
      const { statusCode: status = null } = response;
      resolve({ status, failure: null, retryAfterMs: waitOf(response.headers['retry-after']) });
      response.on('error', () => undefined);
      response.destroy();
    });
    request.end(body);
  });
}

/** Connects, over TLS where the address says so, and hangs up: the request is begun, and nothing of it is sent. */
function connect(settings: WebhookSettings, stop: AbortSignal): Promise<string | null> {
  return called<string | null>(settings, { stop, failed: (code) => code }, (request, resolve) => {
    request.on('socket', (socket) => {
      const done = () => {
        resolve(null);
        request.destroy();
      };
      const isSecure = 'encrypted' in socket;
      if (isSecure ? 'authorized' in socket && socket.authorized : !socket.connecting) done();
      else socket.once(isSecure ? 'secureConnect' : 'connect', done);
    });
  });
}

/** A call; `failed` makes of the code of an error what `use` would have found. */
function called<T>(
  { url, caPem, timeoutMs }: WebhookSettings,
  {
    failed,
    stop,
    headers = {},
  }: {
    readonly failed: (code: string) => T;
    readonly stop: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  },
  use: (request: http.ClientRequest, resolve: (found: T) => void) => void,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const fail = (error: unknown) => failed(deadline.aborted ? 'ETIMEDOUT' : codeOfCall(error));
  return new Promise((resolve) => {
    const options = { method: 'POST', headers, signal: AbortSignal.any([deadline, stop]) };
    try {
      const request = url.startsWith('http:')
        ? http.request(url, { ...options, agent: new http.Agent() })
        : https.request(url, { ...options, agent: secureAgent(url, caPem) });
      request.on('error', (error) => resolve(fail(error)));
      use(request, resolve);
    } catch (error) {
      resolve(fail(error));
    }
  });
}

function secureAgent(url: string, caPem: string | null): https.Agent {
  const ca = caPem === null ? {} : { ca: caPem };
  return new https.Agent({ minVersion: 'TLSv1.2', proxyEnv: proxyEnvOf(url), ...ca });
}

/** Retry-After in seconds, as ms; another form says nothing here. */
function waitOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : null;
}
