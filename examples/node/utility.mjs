// The mock utility for tests in Node: a sandbox of its own for each test, on the server at MOCK_SERVER_URL.

import { randomUUID } from "node:crypto";

const SERVER = process.env.MOCK_SERVER_URL ?? "http://localhost:8000";

export async function newUtility() {
  const name = `node-${randomUUID().slice(0, 18)}`;
  const url = `${SERVER}/~${name}`; // made from the fixtures at its first use

  async function control(method, path, body) {
    const answer = await fetch(`${url}/_mock/${path}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(JSON.parse(text).error_description);
    return text ? JSON.parse(text) : null;
  }

  const { clients: [client] } = await control("GET", "clients");
  return { url, client, control, end: () => fetch(`${SERVER}/_mock/sandboxes/${name}`, { method: "DELETE" }) };
}
