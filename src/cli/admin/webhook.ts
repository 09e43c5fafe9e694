// `releve webhook`: the second way out. `webhook test` sends one event now, without the outbox.
import { Command } from 'commander';
import { sendTestEvent } from '../../composition/webhook.ts';
import { readWebhookSecrets } from '../../config/webhook-secrets.ts';
import type { WebhookAnswer } from '../../domain/ports/webhook.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { type CommandIo, type CommandResult, type Options, print } from '../command-context.ts';
import { refuseUnreadableProxy, settings, systemClock } from '../runtime.ts';

export function webhookCommand(io: Pick<CommandIo, 'write'>): Command {
  return new Command('webhook')
    .description('the address that gets alarms, tasks and changes of state')
    .addCommand(
      new Command('test')
        .description('send it an event for a test')
        .option('--json', 'for programs')
        .action(async (options: Options) => {
          const config = settings();
          refuseUnreadableProxy(config, { webhook: config.webhook });
          const secrets = readWebhookSecrets(config, process.env, (text) => new Secret(text));
          const answer = await sendTestEvent(config, secrets, systemClock);
          const host = URL.parse(config.webhook.url ?? '')?.host ?? '';
          print(describeAnswer(answer, host), options, io);
        }),
    );
}

function describeAnswer(answer: WebhookAnswer | null, host: string): CommandResult {
  if (answer === null)
    throw new CommandError(
      EXIT.wrongUse,
      'there is no webhook: set webhook.url and its secret (docs/WEBHOOK.md)',
    );
  const { status, failure } = answer;
  const isTaken = failure === null && status !== null && status >= 200 && status < 300;
  const found = failure ?? `HTTP ${status}`;
  return {
    json: { host, status, failure, taken: isTaken },
    text: isTaken ? `${host} took the test event (${found})` : '',
    exit: isTaken ? EXIT.ok : EXIT.failed,
    summary: `${host} did not take the test event: ${found}${adviceFor(answer)}`,
  };
}

function adviceFor({ status }: WebhookAnswer): string {
  if (status === 401 || status === 403) return '; does it know the same secret?';
  if (status !== null && status >= 300 && status < 400)
    return ', a redirect, which is not followed: set the address it leads to';
  return '';
}
