// Decisions on their way to the service. They are kept until it has answered: a broken connection loses none,
// and sending one twice changes nothing.
import { Refused, request } from "./app.js";

const KEY = `shenbao.outbox.${document.querySelector("meta[name=user]").content}`;
const waiting = new Map(Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}")));
let line = Promise.resolve();

function keep() {
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(waiting)));
  const sign = document.getElementById("sending");
  if (sign) sign.hidden = waiting.size === 0;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function deliver(item, decision) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
    try {
      const answer = await request("POST", `/v1/items/${item}/decision`, decision, { keepalive: true });
      return await answer.json();
    } catch (error) {
      const again = !(error instanceof Refused) || [429, 500, 502, 503].includes(error.status);
      if (!again) throw error;
      await pause(wait);
    }
  }
}

/** Sends a decision after those before it; the promise gives what the service made of it. */
export function send(item, decision) {
  waiting.set(String(item), decision);
  keep();
  const sent = line.then(() => deliver(item, decision)).finally(() => {
    waiting.delete(String(item));
    keep();
  });
  line = sent.catch(() => undefined);
  return sent;
}

export function isEmpty() {
  return waiting.size === 0;
}

/** Whether a decision on an item is still on its way. */
export function isWaiting(item) {
  return waiting.has(String(item));
}

/** Sends what an earlier visit could not; resolves when the service has it. */
export async function resume() {
  await Promise.allSettled([...waiting].map(([item, decision]) => send(item, decision)));
}
