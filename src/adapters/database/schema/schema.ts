// The tables as the code sees them: text, integers and nothing else; days as ISO text, instants as ms since 1970 (UTC).
import type { CredentialsTable, LinksTable, ToolsTable } from './credentials.ts';
import type { AlarmsTable, DeliveriesTable, LetterItemsTable, LettersTable, TasksTable } from './letters.ts';
import type { HealthTable, MaintenancesTable, PlatformsTable } from './monitoring.ts';
import type {
  EventsTable,
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

/** The audit trail: each line carries the hash of the one before. */
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
}

/** Every table by its name. */
export interface Schema {
  meta: MetaTable;
  structures: StructuresTable;
  people: PeopleTable;
  mandates: MandatesTable;
  technical_users: TechnicalUsersTable;
  user_structures: UserStructuresTable;
  events: EventsTable;
  letters: LettersTable;
  letter_items: LetterItemsTable;
  deliveries: DeliveriesTable;
  alarms: AlarmsTable;
  tasks: TasksTable;
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
