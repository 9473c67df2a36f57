/** The API of the server that this page comes from: requests, sockets, and the key they need. */

// The folder above the page's own, so that a proxy may put both below another.
const BASE = new URL("..", location.href);

const VERSION = "2026-03-01";
const STORED_AS = "playground-key";
const TOKEN_SECONDS = 60;

/** Something went wrong that the person in front of the page should read. */
export class Problem extends Error {}

let key = kept();
let ask = async () => {
  throw new Problem("This server asks for a key.");
};
let asking = null;

/** Where programs find this server: its address, and whether it asked for a key. */
export const place = () => ({ base: BASE.href.replace(/\/$/, ""), keyed: key !== null });

/**
 * Say how to get a key from the person.
 * @param {(wrong: boolean) => Promise<string>} asker `wrong`: the server knows not the last one
 */
export function setKeyAsker(asker) {
  ask = asker;
}

/**
 * Ask the API for something.
 * @param {string} path of the API, without a slash before it
 * @param {{method?: string, json?: object, form?: FormData}} options
 * @returns {Promise<any>} the answer; null if it is empty
 * @throws {Problem} the server does not answer, or refuses
 */
export async function request(path, { method = "GET", json, form } = {}) {
  for (;;) {
    const tried = key;
    const headers = { "Cartesia-Version": VERSION };
    if (tried !== null) headers["X-API-Key"] = tried;
    if (json) headers["Content-Type"] = "application/json";
    const answer = await send(path, { method, headers, body: json ? JSON.stringify(json) : form });
    if (answer.status === 401) {
      if (key === tried) await newKey(tried !== null);
    } else if (!answer.ok) {
      throw new Problem(await reason(answer));
    } else {
      return answer.status === 204 ? null : answer.json();
    }
  }
}

/**
 * Open a socket of the API.
 *
 * A page cannot put headers on a socket, and a key must not be in an address, where logs keep it:
 * so a token goes there that is good for a minute, and for this kind of socket only.
 * @param {string} path of the API, without a slash before it
 * @param {Record<string, string>} query
 * @param {"tts" | "stt"} grant what the token must permit
 * @returns {Promise<WebSocket>} open
 * @throws {Problem} the server refuses
 */
export async function openSocket(path, query, grant) {
  const url = new URL(path, BASE);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ ...query, cartesia_version: VERSION }).toString();
  if (key !== null) {
    const asked = { grants: { [grant]: true }, expires_in: TOKEN_SECONDS };
    const { token } = await request("access-token", { method: "POST", json: asked });
    url.searchParams.set("access_token", token);
  }
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    // A browser does not tell a page why.
    const refused = "The server refused the connection. It may be busy, or no longer be running.";
    socket.addEventListener("error", () => reject(new Problem(refused)), { once: true });
  });
  return socket;
}

async function send(path, options) {
  try {
    return await fetch(new URL(path, BASE), { ...options, cache: "no-store" });
  } catch {
    throw new Problem("The server does not answer. Is it still running?");
  }
}

async function reason(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).message;
  } catch {
    return text || `The server answered with status ${answer.status}.`;
  }
}

/** Have one key asked for, however many requests wait for it; the document's `key` event tells. */
async function newKey(wrong) {
  asking ??= ask(wrong).finally(() => {
    asking = null;
  });
  key = await asking;
  keep(key);
  document.dispatchEvent(new Event("key"));
}

// A key is kept in the tab's own storage: it survives a reload and ends with the tab. Who could
// read it there is a script of this origin, and the server has no others; those of others do not
// run here. A browser that lets pages store nothing throws, and asks again after a reload.
function kept() {
  try {
    return sessionStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    sessionStorage.setItem(STORED_AS, value);
  } catch {
    // See above.
  }
}
