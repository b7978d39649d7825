import type { Storage } from "../storage/contract/storage.ts";
import type { PostgresPool } from "./client-options.ts";
import type { StorageTarget } from "./storage-url.ts";
