// A small app of a third party: it redeems a code, keeps its tokens fresh, and reads how much a home used.

export class ConnectionLost extends Error {}

export class UsageApp {
  constructor({ base, clientId, clientSecret }) {
    this.base = base;
    this.basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    this.tokens = null;
  }

  async connect(code) {
    this.tokens = await this.#token({ grant_type: "authorization_code", code });
  }

  // The sum of all readings that begin at `start` (a Date) or later.
  async kwhSince(start) {
    const feed = await (await this.#read(start)).text();
    const exponent = Number(feed.match(/<powerOfTenMultiplier>(-?\d+)</)?.[1] ?? 0);
    const readings = feed.matchAll(/<IntervalReading>.*?<start>(\d+)<.*?<value>(-?\d+)</gs);
    const values = [...readings].filter(([, begins]) => begins * 1000 >= start).map(([, , value]) => Number(value));
    return values.reduce((sum, value) => sum + value, 0) * 10 ** exponent / 1000;
  }

  async #read(start) {
    let answer = await this.#get(start);
    if (answer.status === 401) { // an hour has passed
      const fresh = await this.#token({ grant_type: "refresh_token", refresh_token: this.tokens.refresh_token });
      this.tokens = { ...this.tokens, ...fresh };
      answer = await this.#get(start);
    }
    if (answer.status === 401 || answer.status === 403) throw new ConnectionLost(await answer.text());
    if (!answer.ok) throw new Error(`The utility answered ${answer.status}.`);
    return answer;
  }

  #get(start) {
    const query = new URLSearchParams({ "published-min": start.toISOString() }); // not the whole history each time
    return fetch(`${this.tokens.resourceURI}?${query}`, { headers: { Authorization: `Bearer ${this.tokens.access_token}` } });
  }

  async #token(body) {
    const answer = await fetch(`${this.base}/DataCustodian/oauth/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${this.basic}` },
      body: new URLSearchParams(body),
    });
    if (answer.status === 400 || answer.status === 403) throw new ConnectionLost((await answer.json()).error_description);
    if (!answer.ok) throw new Error(`The utility answered ${answer.status}.`);
    return answer.json();
  }
}
