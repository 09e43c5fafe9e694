// `releve simulator`: how it is asked for; the simulator itself is loaded only then, as the daemon has no use for it.
import { Command } from 'commander';
import { CommandError, EXIT } from '../../system/terminal.ts';

type Port = 'portProduction' | 'portQualification' | 'portPortal' | 'portControl' | 'portMail';

interface Options extends Partial<Record<'scenario' | 'log' | 'mail' | Port, string>> {
  readonly json?: boolean;
}

const USUAL_MAIL_PORT = 8495;

const HELP = `
Without --scenario there are six made-up accounts; config/simulator/default.yaml has their passwords. The request log has no
password, token or client secret in it. docs/SIMULATOR.md tells which faults there are and how a test steers them.`;

export function simulatorCommand(): Command {
  return new Command('simulator')
    .description(
      'a Chorus Pro and a PISTE of your own, for authors of connectors; nothing leaves this machine',
    )
    .option('--scenario <file>', 'accounts, faults and happenings, as YAML')
    .option('--port-production <number>', 'the port of production, 0 for any free one (8491)')
    .option('--port-qualification <number>', 'the port of qualification (8492)')
    .option('--port-portal <number>', 'the port of the portal, where passwords are reset (8493)')
    .option('--port-control <number>', 'the port of the control door (8494)')
    .option('--mail <folder>', 'take letters too, send none on, and write each into this folder')
    .option('--port-mail <number>', 'the port of that mail server (8495)')
    .option('--log <file>', 'write every request there, a line of JSON each; an existing file goes on')
    .option('--json', 'tell the addresses and the accounts as one line of JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const asked = readOptions(options);
      const { runSimulator } = await import('./simulator-run.ts');
      await runSimulator(asked);
    });
}

function readOptions(options: Options) {
  return {
    scenario: options.scenario ?? null,
    ports: {
      production: portOf('production', options.portProduction),
      qualification: portOf('qualification', options.portQualification),
      portal: portOf('portal', options.portPortal),
      control: portOf('control', options.portControl),
    },
    log: options.log ?? null,
    mail:
      options.mail === undefined
        ? null
        : { folder: options.mail, port: portOf('mail', options.portMail) ?? USUAL_MAIL_PORT },
    json: options.json === true,
  };
}

function portOf(server: string, port: string | undefined): number | null {
  if (port === undefined) return null;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new CommandError(EXIT.wrongUse, `--port-${server}: "${port}" is no port; 0 to 65535 are right`);
}
