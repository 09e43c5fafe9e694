// The tables as the code sees them: text, integers and nothing else; days as ISO text, instants as ms since 1970 (UTC).
import type { CredentialsTable, LinksTable, ToolsTable } from './credentials.ts';
import type {
  AlarmsTable,
  DeliveriesTable,
  LetterItemsTable,
  LettersTable,
  TasksTable,
  WebhookEventsTable,
} from './letters.ts';
import type { HealthTable, MaintenancesTable, PlatformsTable } from './monitoring.ts';
import type {
  EventsTable,
  ImportedLinesTable,
  MandatesTable,
  PeopleTable,
  StructuresTable,
  TechnicalUsersTable,
  UserStructuresTable,
} from './registry.ts';
import type {
  AttemptsTable,
  HoldsTable,
  ItemFaultsTable,
  PublicationsTable,
  RotationsTable,
} from './rotations.ts';

/** The engine of the database: embedded, or an existing server. */
export type Engine = 'sqlite' | 'postgres';

/** Facts about the database itself, such as its version, the version of the rules used last, the latest day seen. */
interface MetaTable {
  key: string;
  value: string;
}

/**
 * The audit trail: the link of each line, `hash`, is made of the one before and the digest of its own content. A line whose `what` is
 * empty has lost its content, and its digest stays.
 */
export interface AuditTable {
  seq: number;
  at: number;
  who: string;
  what: string;
  environment: string | null;
  login: string | null;
  rotation_id: string | null;
  channel: string | null;
  check_result: string | null;
  sink: string | null;
  detail: string | null;
  hash: string;
  /** Of the salt and the content; null in lines of versions before 0.7.0, whose `hash` is of the content itself. */
  digest: string | null;
  /** Goes with the content, which nobody can then guess from the digest. */
  salt: string | null;
  /** Of a line linked by a key: the first line that it seals, itself or the first of those before it that no key links yet. */
  seals: number | null;
}

/** Every table by its name. */
export interface Schema {
  meta: MetaTable;
  structures: StructuresTable;
  people: PeopleTable;
  mandates: MandatesTable;
  technical_users: TechnicalUsersTable;
  user_structures: UserStructuresTable;
  imported_lines: ImportedLinesTable;
  events: EventsTable;
  letters: LettersTable;
  letter_items: LetterItemsTable;
  deliveries: DeliveriesTable;
  alarms: AlarmsTable;
  tasks: TasksTable;
  webhook_events: WebhookEventsTable;
  rotations: RotationsTable;
  credentials: CredentialsTable;
  publications: PublicationsTable;
  holds: HoldsTable;
  item_faults: ItemFaultsTable;
  attempts: AttemptsTable;
  links: LinksTable;
  tools: ToolsTable;
  audit: AuditTable;
  health: HealthTable;
  platforms: PlatformsTable;
  maintenances: MaintenancesTable;
}
