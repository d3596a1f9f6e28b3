// Its tests against the mock utility: start it with `docker compose up --wait` or `mock-server`, then `node --test`.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { ConnectionLost, UsageApp } from "./usage-app.mjs";
import { newUtility } from "./utility.mjs";

const now = new Date("2026-03-01T12:00:00Z");
let utility, app, home, authorization;

beforeEach(async () => {
  utility = await newUtility();
  await utility.control("PUT", "clock", { now, frozen: true });
  const { client_id: clientId, client_secret: clientSecret } = utility.client;
  app = new UsageApp({ base: utility.url, clientId, clientSecret });
  home = (await utility.control("POST", "customers", { services: [{ kind: "electric" }] })).customer;
  const granted = await utility.control("POST", "authorizations", { scope: "FB=4_5", customer: home.id });
  authorization = granted.authorization;
  await app.connect(granted.code);
});

afterEach(() => utility.end());

test("it sums up what the utility measured", async () => {
  const truth = await utility.control("GET", `truth?customer=${home.id}`);
  const sum = await app.kwhSince(new Date(truth.start));
  assert.equal(sum.toFixed(3), truth.services[0].total.delivered.toFixed(3));
});

test("it refreshes its token and sees the next month", async () => {
  assert.equal(await app.kwhSince(now), 0);
  await utility.control("POST", "clock/advance", { by: "40d" });
  assert.ok((await app.kwhSince(now)) > 0);
  const { exchanges } = await utility.control("GET", "exchanges?path=*/oauth/token");
  assert.deepEqual(exchanges.map((one) => one.status), [200, 200]);
});

test("it notices that the customer ended it", async () => {
  await utility.control("POST", `authorizations/${authorization.uid}/revoke`);
  await assert.rejects(app.kwhSince(now), ConnectionLost);
});

test("it says so when the utility is down", async () => {
  await utility.control("POST", "faults", { match: { path: "*/Batch/*" }, effect: { status: 503 } });
  await assert.rejects(app.kwhSince(now), /503/);
});
