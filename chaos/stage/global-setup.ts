/** For Vitest: one Postgres and one template for the whole run. */
export { setUpPostgres as setup } from "../../apps/server/test/support/global-setup.ts";
